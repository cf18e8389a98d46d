"""What an exported forecaster answers."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.pipelines.export.saved_model import export_saved_model
from rnnzoo.rates.forecaster import Forecaster
from rnnzoo.rates.quantiles import LEVELS


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """(model, its signatures as served)."""
    keras.utils.set_random_seed(1)
    model = Forecaster([keras.layers.LSTM(4), keras.layers.GRU(3)])
    kernel, bias = model.head.linear.get_weights()
    model.head.linear.set_weights([np.random.default_rng(1).normal(size=kernel.shape) / 5, bias])
    model.head.calibration.assign(1.3)
    folder = tmp_path_factory.mktemp("export")
    export_saved_model(model, folder)
    loaded = tf.saved_model.load(folder)
    yield model, loaded.signatures  # `loaded` owns the weights: it has to live as long


def rates(batch=2, time=40):
    random = np.random.default_rng(0)
    return (60 * np.exp(0.005 * random.normal(size=(batch, time)).cumsum(axis=1))).astype("float32")


def test_raw_rates_are_answered_in_their_unit(exported):
    model, signatures = exported
    outputs = signatures["serving_default"](rates=tf.constant(rates()))
    for i, history in enumerate(rates()):
        expected = model.forecast(history, 1, quantiles=LEVELS)[0]
        np.testing.assert_allclose(outputs["quantiles"][i], expected, rtol=1e-5)
        np.testing.assert_allclose(outputs["location"][i], model.forecast(history, 1)[0], rtol=1e-5)
    np.testing.assert_array_equal(outputs["median"], outputs["quantiles"][:, 10])
    np.testing.assert_allclose(outputs["levels"][1], LEVELS)


def test_step_by_step_is_the_whole(exported):
    _, signatures = exported
    step = signatures["step"]
    shapes = step.structured_input_signature[1]
    states = {
        name: tf.zeros([2, *spec.shape[1:]]) for name, spec in shapes.items() if name != "rate"
    }
    for t in range(40):
        outputs = step(rate=tf.constant(rates()[:, t]), **states)
        states = {name: outputs[name] for name in states}
    whole = signatures["serving_default"](rates=tf.constant(rates()))
    for name in ("location", "median", "quantiles"):
        np.testing.assert_allclose(outputs[name], whole[name], rtol=1e-5)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros((1, 0)), "no rates"),
        (np.zeros((1, 30)), "above 0"),
        (np.full((1, 30), np.nan), "above 0"),
        (np.full((1, 30), np.inf), "above 0"),
        (np.ones((1, 2**12)), "too many rates"),
    ],
)
@pytest.mark.parametrize("name", ["serving_default", "model"])
def test_bad_requests(exported, values, message, name):
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        exported[1][name](rates=tf.constant(values, "float32"))
