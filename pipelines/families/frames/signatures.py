"""What an exported frame model answers.

    serving_default   frames -> the frame that follows the last of them
    step              a frame and the states before it -> the next frame and the states after it
    model             frames -> a prediction after each of them, as the Keras model itself

The states before the first frame are zeros. To go on without new frames, give `step` its own
`next_frame`, or, where the model follows discs, frames of zeros. A `rollout` of those begins a
little nearer, as it looks at all frames together first.
"""

import tensorflow as tf

from rnnzoo.pipelines.export.signatures import (
    StateSpecs,
    checked,
    model_signature,
    size_of,
    step_signature,
)

# Pixels in one request: bounds the memory that a request can ask for.
MOST_PIXELS = 2**22


def endpoints(model):
    """The signatures of a `FramePredictor`.

    Args:
        model: `FramePredictor`, on the TensorFlow backend.

    Returns:
        (dict from signature name to (function, list of `tf.TensorSpec`), list of the
        resources that the functions need beside the model).
    """
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
