"""The signatures of an exported forecaster; rates are raw, above 0, in any unit.

    serving_default   history (batch, time) of 21 rates or more -> median, location and quantiles
                      of the next rate
    step              a rate and the states before it -> the same, `ready`, and the states after it
    model             history -> the outputs of the Keras model, in units of the recent volatility

`levels` are the levels of the quantiles. The states before the first rate are zeros. Fewer than 21
rates determine the volatility poorly: `serving_default` refuses them as `Forecaster.forecast` does,
and `step`, which has to read them one by one, says by `ready` whether it has.
"""

import math

import tensorflow as tf

from rnnzoo.datasets.rates.unit_change import WRONG_UNIT
from rnnzoo.pipelines.export.refusals import checked, first_where, message, stored_once
from rnnzoo.pipelines.export.signatures import StateSpecs, model_signature, step_signature
from rnnzoo.rates import refusals
from rnnzoo.rates.forecaster import LEAST
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
        rates = _of_one_unit(_checked(rates, LEAST))
        z, after = model.advance(rates, model.initial_states(tf.shape(rates)[0]))
        return outputs(rates[:, -1], z[:, -1], model.scale(after))

    def step(rate, before):
        # An index of the stream is not known: its last two rates are read as a history.
        last = tf.where(before[0][0] > 0, before[0][0], rate)
        rate = _of_one_unit(tf.stack([last, _checked(rate[:, None], 1)[:, 0]], 1))[:, 1]
        z, after = model.step(rate, before)
        return {**outputs(rate, z, model.scale(after)), "ready": model.ready(after)}, after

    rates = tf.TensorSpec([None, None], tf.float32, name="rates")
    rate = tf.TensorSpec([None], tf.float32, name="rate")
    return {
        "serving_default": (serving_default, [rates]),
        "step": step_signature(states, rate, step),
        "model": model_signature(model, rates, lambda rates: _checked(rates, 1)),
    }, []


@stored_once(tf.TensorSpec([None, None], tf.float32), tf.TensorSpec([], tf.int32))
def _checked(rates, least):
    """Rates (batch, time), if they are numbers above 0 and neither too few nor too many."""
    rows, time = tf.unstack(tf.shape(rates))
    bad = ~((rates > 0) & (rates < float("inf")))
    index, rate = first_where(bad, rates)
    index = tf.gather(index, 1)
    checks = [
        (rows > 0, "no rates: give one or more"),
        (time >= least, message(refusals.TOO_FEW, count=time, least=least)),
        (
            (tf.size(rates) <= MOST_RATES) & (time <= MOST_TIME),
            f"too many rates: {MOST_RATES} a request and {MOST_TIME} a history at most",
        ),
        (~tf.reduce_any(bad), message(refusals.NOT_POSITIVE, index=index, rate=rate)),
    ]
    return checked(rates, checks)


@stored_once(tf.TensorSpec([None, None], tf.float32))
def _of_one_unit(rates):
    """Rates (batch, time), if each is within a factor of that before it."""
    earlier, later = rates[:, :-1], rates[:, 1:]
    logs = [tf.math.log(tf.cast(part, tf.float64)) for part in (earlier, later)]
    jumps = tf.abs(logs[1] - logs[0]) >= math.log(WRONG_UNIT)
    index, before, rate = first_where(jumps, earlier, later)
    index = tf.gather(index, 1) + 1
    text = message(refusals.OTHER_UNIT, index=index, before=before, rate=rate)
    return checked(rates, [(~tf.reduce_any(jumps), text)])
