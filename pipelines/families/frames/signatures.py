"""The signatures of an exported frame predictor.

    serving_default   frames -> the frame after the last one
    step              a frame and the states before it -> the next frame and the states after it
    model             frames -> the outputs of the Keras model, a prediction after each frame

The states before the first frame are zeros. For a rollout, feed `step` its own `next_frame`, or
frames of zeros if the model follows discs; `FramePredictor.rollout` of such a model begins with a
slightly smaller error, as it detects the discs in all frames together.
"""

import tensorflow as tf

from rnnzoo.pipelines.export.signatures import (
    StateSpecs,
    checked,
    model_signature,
    size_of,
    step_signature,
)

# The most pixels of a request: bounds the memory that it needs.
MOST_PIXELS = 2**22


def endpoints(model):
    """The signatures of a `FramePredictor`, see `Family.endpoints`."""
    states = StateSpecs(model, by_layer=True)

    def serving_default(frames):
        frames = _checked(frames)
        following, _ = model.advance(frames, model.initial_states(tf.shape(frames)[0]))
        return {"next_frame": following[:, -1]}

    def step(frame, before):
        following, after = model.step(_checked(frame), before)
        return {"next_frame": following}, after

    frames = tf.TensorSpec([None, None, *model.size], tf.float32, name="frames")
    frame = tf.TensorSpec([None, *model.size], tf.float32, name="frame")
    return {
        "serving_default": (serving_default, [frames]),
        "step": step_signature(states, frame, step),
        "model": model_signature(model, frames, _checked),
    }, []


def _checked(frames):
    size = size_of(frames)
    checks = [
        (size > 0, ["no frames: give one or more"]),
        (size <= MOST_PIXELS, [f"too many frames: {MOST_PIXELS} pixels a request at most"]),
        (tf.reduce_all((frames >= 0) & (frames <= 1)), ["frames have pixels from 0 to 1"]),
    ]
    return checked(frames, checks)
