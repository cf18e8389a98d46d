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


@pytest.fixture(scope="module", params=[whole_frames, pixelwise, discs])
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


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros((0, 2, *SIZE)), "no frames"),
        (np.full((1, 2, *SIZE), 2.0), "from 0 to 1"),
        (np.full((1, 2, *SIZE), np.nan), "from 0 to 1"),
        (np.zeros((1, 2**17, *SIZE)), "too many frames"),
    ],
)
@pytest.mark.parametrize("name", ["serving_default", "model"])
def test_bad_requests(exported, values, message, name):
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        exported[1][name](frames=tf.constant(values, "float32"))
