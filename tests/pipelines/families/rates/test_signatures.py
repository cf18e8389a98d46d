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


def history(changes=(), time=40):
    """Rates with some of them, by index, replaced."""
    values = rates(1, time)[0]
    for index, rate in changes:
        values[index] = rate
    return values


@pytest.mark.parametrize(
    "values",
    [
        history(time=20),
        history(time=1),
        history(time=0),
        history([(7, 0)]),
        history([(7, -1.5), (9, 0)]),
        history([(39, np.nan)]),
        history([(0, np.inf)]),
        history([(12, 7000)]),
        history([(12, 0.001), (13, 0.001)]),
    ],
)
def test_a_history_is_refused_in_the_words_of_python(exported, refused_alike, values):
    model, signatures = exported
    serving, inputs = signatures["serving_default"], tf.constant(values[None])
    refused_alike(lambda: model.forecast(values, 1), serving, rates=inputs)
    both = tf.constant(np.stack([history(time=len(values)), values]))
    refused_alike(lambda: model.forecast(values, 1), serving, rates=both)


def test_a_step_says_whether_it_has_read_enough_and_refuses_another_unit(exported):
    model, signatures = exported
    step, states = signatures["step"], model.initial_states(1)
    names = sorted(set(step.structured_input_signature[1]) - {"rate"})
    states = dict(zip(names, tf.nest.flatten(states), strict=True))
    for read, rate in enumerate(history(), 1):
        outputs = step(rate=tf.constant([rate]), **states)
        states = {name: outputs[name] for name in names}
        assert outputs["ready"].numpy().tolist() == [read >= 21]
    for rate in (0, np.nan, np.inf):
        with pytest.raises(tf.errors.InvalidArgumentError, match=f"history is {rate}: give numb"):
            step(rate=tf.constant([rate], "float32"), **states)
    with pytest.raises(tf.errors.InvalidArgumentError, match="is 7000 after 59.*: give one unit"):
        step(rate=tf.constant([7000.0]), **states)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros((0, 30)), "no rates: give one or more"),
        (np.zeros((1, 0)), "the history has 0 rates"),
        (np.full((1, 30), np.nan), "rate 0 of the history is nan: give numbers above 0"),
        (np.ones((1, 2**12)), "too many rates"),
    ],
)
def test_bad_requests(exported, values, message):
    for name in ("serving_default", "model"):
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            exported[1][name](rates=tf.constant(values, "float32"))
