"""What exported field forecasters answer."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.fields.forecaster import FieldForecaster
from rnnzoo.pipelines.export.saved_model import export_saved_model

START = 8 * 168


@pytest.fixture(scope="module")
def exported(small_fields, tmp_path_factory):
    """(model, the loaded export) of a forecaster by least squares."""
    keras.utils.set_random_seed(1)
    model = FieldForecaster((2, 3, 1), 3600, [keras.layers.GRU(4)], rank=3)
    model.fit_fields(small_fields[: 7 * 168]).calibrate(small_fields[:START], 7 * 168)
    folder = tmp_path_factory.mktemp("exported")
    export_saved_model(model, folder)
    return model, tf.saved_model.load(folder)


def test_a_history_is_answered_like_the_model(exported, small_fields):
    model, loaded = exported
    history = small_fields[START - 400 : START]
    frames = tf.constant(np.nan_to_num(history.values[None], nan=-1))
    outputs = loaded.signatures["serving_default"](frames=frames)
    expected = np.nan_to_num(model.forecast(history, 1)[0])
    np.testing.assert_allclose(outputs["mean"][0], expected, rtol=1e-4, atol=1e-4)
    levels = outputs["levels"][0].numpy().tolist()
    quantiles = model.forecast(history, 1, quantiles=np.round(levels, 2))[0]
    np.testing.assert_allclose(
        outputs["quantiles"][0], np.nan_to_num(quantiles), rtol=1e-3, atol=1e-3
    )


def test_steps_one_after_the_other_are_the_whole_history(exported, small_fields):
    _, loaded = exported
    step = loaded.signatures["step"]
    frames = np.nan_to_num(small_fields.values[START - 30 : START])
    specs = step.structured_input_signature[1]
    states = {n: tf.zeros([1, *s.shape[1:]]) for n, s in specs.items() if n.startswith("state_")}
    for frame in frames:
        outputs = step(frame=tf.constant(frame[None]), **states)
        states = {name: outputs[name] for name in states}
    whole = loaded.signatures["serving_default"](frames=tf.constant(frames[None]))
    np.testing.assert_allclose(outputs["mean"], whole["mean"], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("value", [-3.0, np.inf])
def test_what_python_refuses_is_refused_in_the_same_words(
    exported, refused_alike, small_fields, value
):
    model, loaded = exported
    values = small_fields.values[START - 168 : START].copy()
    values[7, 1, 2, 0] = value
    refused_alike(
        lambda: model.forecast(values, 1),
        loaded.signatures["serving_default"],
        frames=tf.constant(values[None]),
    )
