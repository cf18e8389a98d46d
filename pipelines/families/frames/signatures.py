"""The signatures of an exported frame predictor.

    serving_default   frames -> the frame after the last one
    step              a frame and the states before it -> the next frame and the states after it
    model             frames -> the outputs of the Keras model, a prediction after each frame

The states before the first frame are zeros. For a rollout, feed `step` its own `next_frame`, or
frames of zeros if the model follows discs; `FramePredictor.rollout` of such a model begins with a
slightly smaller error, as it detects the discs in all frames together.
"""

import tensorflow as tf

from rnnzoo.datasets.frames.arrays import FLOATS, RANGE, ROUNDING
from rnnzoo.datasets.frames.axes import SHAPE
from rnnzoo.datasets.frames.reader import ARRAY
from rnnzoo.pipelines.export.refusals import checked, first_where, message, stored_once
from rnnzoo.pipelines.export.signatures import StateSpecs, model_signature, step_signature

# The most pixels of a request: bounds the memory that it needs.
MOST_PIXELS = 2**22


def endpoints(model):
    """The signatures of a `FramePredictor`, see `Family.endpoints`."""
    states = StateSpecs(model, by_layer=True)
    frames = tf.TensorSpec([None, None, *model.size], tf.float32, name="frames")
    frame = tf.TensorSpec([None, *model.size], tf.float32, name="frame")
    checked_frames = stored_once(frames)(_checked)

    def serving_default(frames):
        frames = checked_frames(frames)
        following, _ = model.advance(frames, model.initial_states(tf.shape(frames)[0]))
        return {"next_frame": following[:, -1]}

    def step(frame, before):
        following, after = model.step(checked_frames(frame[:, None])[:, 0], before)
        return {"next_frame": following}, after

    return {
        "serving_default": (serving_default, [frames]),
        "step": step_signature(states, frame, step),
        "model": model_signature(model, frames, checked_frames),
    }, []


def _checked(frames):
    size, bad = tf.size(frames), ~((frames >= -ROUNDING) & (frames <= 1 + ROUNDING))
    index, value = first_where(bad, frames)
    checks = [
        (size > 0, message(SHAPE, name=ARRAY, shape=tf.shape(frames))),
        (size <= MOST_PIXELS, f"too many frames: {MOST_PIXELS} pixels a request at most"),
        (
            ~tf.reduce_any(bad),
            message(RANGE, name=ARRAY, value=value, index=index, form=FLOATS),
        ),
    ]
    return tf.clip_by_value(checked(frames, checks), 0.0, 1.0)
