"""What an exported frame model answers.

    serving_default   frames -> the frame that follows the last of them
    step              a frame and the states before it -> the next frame and the states after it
    model             frames -> a prediction after each of them, as the Keras model itself

The states before the first frame are zeros. To go on without new frames, give `step` its own
`next_frame`, or, where the model follows discs, frames of zeros. A `rollout` of those begins a
little nearer, as it looks at all frames together first.
"""

import tensorflow as tf

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
    shapes = {
        f"state_{i}_{j}": state.shape[1:]
        for i, layer in enumerate(model.recurrent)
        for j, state in enumerate(layer.get_initial_state(1))
    }

    def nested(flat):
        flat = list(flat)
        return [[flat.pop(0) for _ in layer.get_initial_state(1)] for layer in model.recurrent]

    def serving_default(frames):
        frames = _checked(frames)
        zeros = [tf.zeros([tf.shape(frames)[0], *shape]) for shape in shapes.values()]
        return {"next_frame": model.advance(frames, nested(zeros))[0][:, -1]}

    def step(frame, *states):
        following, after = model.step(_checked(frame), nested(states))
        return {"next_frame": following, **dict(zip(shapes, tf.nest.flatten(after), strict=True))}

    def whole(frames):
        return {"predictions": model(_checked(frames), training=False)}

    frames = tf.TensorSpec([None, None, *model.size], tf.float32, name="frames")
    frame = tf.TensorSpec([None, *model.size], tf.float32, name="frame")
    states = [tf.TensorSpec([None, *shapes[name]], tf.float32, name=name) for name in shapes]
    return {
        "serving_default": (serving_default, [frames]),
        "step": (step, [frame, *states]),
        "model": (whole, [frames]),
    }, []


def _checked(frames):
    size = tf.size(frames, out_type=tf.int64)
    checks = [
        tf.debugging.Assert(size > 0, ["no frames: give one or more"]),
        tf.debugging.Assert(
            size <= MOST_PIXELS, [f"too many frames: {MOST_PIXELS} pixels a request at most"]
        ),
        tf.debugging.Assert(
            tf.reduce_all((frames >= 0) & (frames <= 1)), ["frames have pixels from 0 to 1"]
        ),
    ]
    with tf.control_dependencies(checks):
        return tf.identity(frames)
