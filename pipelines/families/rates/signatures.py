"""What an exported forecaster answers; rates are raw, above 0, in any unit.

    serving_default   history (batch, time) -> median, location and quantiles of the next rate
    step              a rate and the states before it -> the same, and the states after it
    model             history -> the Keras model's own answer at each step, in units of volatility

`levels` says what the quantiles are of. The states before the first rate are zeros; a history of
fewer than 21 rates says little of the volatility.
"""

import keras
import tensorflow as tf

from rnnzoo.rates.quantiles import LEVELS, MEDIAN

# The most rates in one request, and in a row of it: bound the memory that a request can ask for.
MOST_RATES, MOST_TIME = 2**20, 2**11


def endpoints(model):
    """The signatures of a `Forecaster`.

    Args:
        model: `Forecaster`, on the TensorFlow backend.

    Returns:
        (dict from signature name to (function, list of `tf.TensorSpec`), list of the
        resources that the functions need beside the model).
    """
    zeros = model.initial_states(1)
    shapes = {f"state_{i}": one.shape[1:] for i, one in enumerate(keras.tree.flatten(zeros))}

    def answer(rate, z, s):
        said = rate[:, None] * tf.exp(s[:, :1] * z)
        quantiles = said[:, 1:]
        return {
            "location": said[:, 0],
            "median": quantiles[:, MEDIAN],
            "quantiles": quantiles,
            "levels": tf.tile([LEVELS], [tf.shape(rate)[0], 1]),
        }

    def serving_default(rates):
        rates = _checked(rates)
        z, s, _ = model.read(rates)
        return answer(rates[:, -1], z[:, -1], s[:, -1])

    def step(rate, *states):
        rate = _checked(rate[:, None])[:, 0]
        z, s, after = model.step(rate, keras.tree.pack_sequence_as(zeros, list(states)))
        after = dict(zip(shapes, keras.tree.flatten(after), strict=True))
        return {**answer(rate, z, s), **after}

    def whole(rates):
        return {"predictions": model(_checked(rates), training=False)}

    rates = tf.TensorSpec([None, None], tf.float32, name="rates")
    rate = tf.TensorSpec([None], tf.float32, name="rate")
    states = [tf.TensorSpec([None, *shapes[name]], tf.float32, name=name) for name in shapes]
    return {
        "serving_default": (serving_default, [rates]),
        "step": (step, [rate, *states]),
        "model": (whole, [rates]),
    }, []


def _checked(rates):
    size, time = tf.size(rates, out_type=tf.int64), tf.shape(rates)[1]
    checks = [
        tf.debugging.Assert(size > 0, ["no rates: give one or more"]),
        tf.debugging.Assert(
            (size <= MOST_RATES) & (time <= MOST_TIME),
            [f"too many rates: {MOST_RATES} a request and {MOST_TIME} a history at most"],
        ),
        tf.debugging.Assert(
            tf.reduce_all((rates > 0) & (rates < float("inf"))), ["rates are numbers above 0"]
        ),
    ]
    with tf.control_dependencies(checks):
        return tf.identity(rates)
