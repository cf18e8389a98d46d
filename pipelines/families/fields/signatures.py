"""The signatures of an exported field forecaster; values are raw, outside the region anything.

    serving_default   frames (batch, time, height, width, channels) -> mean, quantiles of the next
                      field
    step              a frame and the states before it -> the same, and the states after it
    model             frames -> the outputs of the Keras model, medians after each frame

`quantiles` are (batch, height, width, channels, levels); outside the region all outputs are 0. The
states before the first field are zeros, of which `state_0` has the last coefficients.
"""

import tensorflow as tf

from rnnzoo.fields import refusals
from rnnzoo.fields.basis import LEVELS
from rnnzoo.pipelines.export.refusals import checked, first_where, message, stored_once
from rnnzoo.pipelines.export.signatures import StateSpecs, model_signature, step_signature

# The most values of a request: bounds the memory that it needs.
MOST_VALUES = 2**24


def endpoints(model):
    """The signatures of a `FieldForecaster`, see `Family.endpoints`."""
    states, basis = StateSpecs(model, by_layer=False), model.basis
    frames = tf.TensorSpec([None, None, *model.size], tf.float32, name="frames")
    frame = tf.TensorSpec([None, *model.size], tf.float32, name="frame")

    @stored_once(frames)
    def check(frames):
        return _checked(model, frames)

    def outputs(predicted):
        u = model.basis.on_scale(predicted)
        quantiles = basis.at_levels(u, LEVELS)
        shape = (tf.shape(predicted)[0], *model.size, len(LEVELS))
        return {
            "mean": basis.grid(basis.means(u)),
            "quantiles": tf.reshape(quantiles, shape),
            "levels": tf.tile([LEVELS], [tf.shape(predicted)[0], 1]),
        }

    def serving_default(frames):
        frames = check(frames)
        predicted, _ = model.advance(frames, model.initial_states(tf.shape(frames)[0]))
        return outputs(predicted[:, -1])

    def step(frame, before):
        predicted, after = model.step(check(frame[:, None])[:, 0], before)
        return outputs(predicted), after

    return {
        "serving_default": (serving_default, [frames]),
        "step": step_signature(states, frame, step),
        "model": model_signature(model, frames, check),
    }, []


def _checked(model, frames):
    """Fields, if they are numbers inside the region, of at least 0 where they are counts."""
    inside = tf.reshape(tf.convert_to_tensor(model.basis.mask) > 0, model.size)
    infinite = ~tf.math.is_finite(frames) & inside
    checks = [
        (
            tf.size(frames) > 0,
            message(
                refusals.SHAPE, shape=tf.shape(frames), expected=f"(time, {model.size}), time > 0"
            ),
        ),
        (tf.size(frames) <= MOST_VALUES, f"too many fields: {MOST_VALUES} values at most"),
        (~tf.reduce_any(infinite), _at(refusals.NOT_FINITE, infinite, frames)),
    ]
    if model.basis.scale != "none":
        negative = (frames < 0) & inside
        checks.append((~tf.reduce_any(negative), _at(refusals.NEGATIVE, negative, frames)))
    return checked(frames, checks)


def _at(template, wrong, frames):
    index, value = first_where(wrong, frames)
    return message(template, value=value, index=index[1:])
