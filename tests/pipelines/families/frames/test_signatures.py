"""What exported frame models answer."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.frames.predictor import FramePredictor
from rnnzoo.pipelines.export.saved_model import export_saved_model

SIZE = (6, 8)


def whole_frames():
    return FramePredictor(SIZE, [keras.layers.LSTM(4), keras.layers.SimpleRNN(3)])


def pixelwise():
    return FramePredictor(SIZE, [keras.layers.GRU(4)], encoder=[(3, 3)], patch=2)


def discs():
    return FramePredictor(SIZE, [keras.layers.LSTM(3)], objects=2, radius=1.5, hidden=4)


KINDS = [whole_frames, pixelwise, pytest.param(discs, marks=pytest.mark.slow)]


@pytest.fixture(scope="module", params=KINDS)
def exported(request, tmp_path_factory):
    """(model, its signatures as served)."""
    keras.utils.set_random_seed(1)
    model = request.param()
    folder = tmp_path_factory.mktemp("export")
    export_saved_model(model, folder)
    loaded = tf.saved_model.load(folder)
    yield model, loaded.signatures  # `loaded` owns the weights: it has to live as long


def frames(batch=2, steps=5):
    return np.random.default_rng(0).random((batch, steps, *SIZE)).astype("float32")


def test_frames_are_answered_with_the_one_that_follows(exported):
    model, signatures = exported
    outputs = signatures["serving_default"](frames=tf.constant(frames()))["next_frame"]
    np.testing.assert_allclose(outputs, np.asarray(model(frames()))[:, -1], atol=1e-6)


def test_step_by_step_and_on_from_its_own_frames_is_the_rollout(exported):
    model, signatures = exported
    step = signatures["step"]
    shapes = step.structured_input_signature[1]
    states = {
        name: tf.zeros([2, *spec.shape[1:]]) for name, spec in shapes.items() if name != "frame"
    }
    for t in range(5):
        outputs = step(frame=tf.constant(frames()[:, t]), **states)
        states = {name: outputs[name] for name in states}
    predictions = [outputs["next_frame"]]
    for _ in range(3):
        # Discs continue without frames.
        following = tf.zeros_like(predictions[-1]) if model.discs else predictions[-1]
        outputs = step(frame=following, **states)
        states = {name: outputs[name] for name in states}
        predictions.append(outputs["next_frame"])
    np.testing.assert_allclose(np.stack(predictions, 1), model.rollout(frames(), 4), atol=1e-5)


def changed(value, index=(0, 1, 2, 3)):
    values = frames()
    values[index] = value
    return values


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((0, 2, *SIZE), "float32"),
        np.zeros((2, 0, *SIZE), "float32"),
        changed(2),
        changed(-0.25, (1, 4, 5, 7)),
        changed(np.nan),
        changed(np.inf),
        changed(1 + 1e-5),
    ],
)
def test_frames_are_refused_in_the_words_of_python(exported, refused_alike, values):
    model, signatures = exported
    for name in ("serving_default", "model"):
        refused_alike(
            lambda: model.rollout(values, 1), signatures[name], frames=tf.constant(values)
        )


def test_what_python_rounds_is_rounded(exported):
    model, signatures = exported
    values = changed(1 + 4e-7, (0, -1))
    outputs = signatures["serving_default"](frames=tf.constant(values))["next_frame"]
    np.testing.assert_allclose(outputs, np.asarray(model(np.clip(values, 0, 1)))[:, -1], atol=1e-6)


def test_too_many_frames(exported):
    for name in ("serving_default", "model"):
        with pytest.raises(tf.errors.InvalidArgumentError, match="too many frames"):
            exported[1][name](frames=tf.zeros((1, 2**17, *SIZE)))
