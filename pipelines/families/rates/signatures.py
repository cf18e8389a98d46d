"""The signatures of an exported forecaster; rates are raw, above 0, in any unit.

    serving_default   history (batch, time) -> median, location and quantiles of the next rate
    step              a rate and the states before it -> the same, and the states after it
    model             history -> the outputs of the Keras model, in units of the recent volatility

`levels` are the levels of the quantiles. The states before the first rate are zeros; a history of
fewer than 21 rates determines the volatility poorly.
"""

import tensorflow as tf

from rnnzoo.pipelines.export.signatures import (
    StateSpecs,
    checked,
    model_signature,
    size_of,
    step_signature,
)
from rnnzoo.rates.quantiles import LEVELS, MEDIAN

# The most rates of a request, and of a history: they bound the memory that a request needs.
MOST_RATES, MOST_TIME = 2**20, 2**11


def endpoints(model):
    """The signatures of a `Forecaster`, see `Family.endpoints`."""
    states = StateSpecs(model, by_layer=False)

    def outputs(rate, z, scale):
        rates = rate[:, None] * tf.exp(scale[:, None] * z)
        quantiles = rates[:, 1:]
        return {
            "location": rates[:, 0],
            "median": quantiles[:, MEDIAN],
            "quantiles": quantiles,
            "levels": tf.tile([LEVELS], [tf.shape(rate)[0], 1]),
        }

    def serving_default(rates):
        rates = _checked(rates)
        z, after = model.advance(rates, model.initial_states(tf.shape(rates)[0]))
        return outputs(rates[:, -1], z[:, -1], model.scale(after))

    def step(rate, before):
        rate = _checked(rate[:, None])[:, 0]
        z, after = model.step(rate, before)
        return outputs(rate, z, model.scale(after)), after

    rates = tf.TensorSpec([None, None], tf.float32, name="rates")
    rate = tf.TensorSpec([None], tf.float32, name="rate")
    return {
        "serving_default": (serving_default, [rates]),
        "step": step_signature(states, rate, step),
        "model": model_signature(model, rates, _checked),
    }, []


def _checked(rates):
    size, time = size_of(rates), tf.shape(rates)[1]
    checks = [
        (size > 0, ["no rates: give one or more"]),
        (
            (size <= MOST_RATES) & (time <= MOST_TIME),
            [f"too many rates: {MOST_RATES} a request and {MOST_TIME} a history at most"],
        ),
        (tf.reduce_all((rates > 0) & (rates < float("inf"))), ["rates are numbers above 0"]),
    ]
    return checked(rates, checks)
