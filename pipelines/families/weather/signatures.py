"""The signatures of an exported weather forecaster; -999 or NaN are missing values.

    serving_default   days (batch, days, parameters) -> mean (batch, 14, parameters) and quantiles
                      (batch, 14, parameters, levels) of the next 14 days
    step              a day (batch, parameters) and the states before it -> those of the next day,
                      (batch, 1, ...), and the states after it
    model             fields (batch, days, 1, 1, parameters) -> the outputs of the Keras model

Of parameters that a place does not have, or has less than two years of, outputs are -999. Of those
that ended, without a value on the last 30 days, `serving_default` reads nothing, as Python does.
Gaps are not imputed: their deviations are 0. The states before the first day are zeros.
"""

import numpy as np
import tensorflow as tf

from rnnzoo.fields.basis import LEVELS
from rnnzoo.fields.refusals import TOO_FEW
from rnnzoo.pipelines.export.refusals import checked, first_where, message, stored_once
from rnnzoo.pipelines.export.signatures import StateSpecs, model_signature, step_signature
from rnnzoo.weather import refusals
from rnnzoo.weather.gaps import LATEST

MISSING = -999.0
AHEAD = 14  # days
# The most values of a request: bounds the memory that it needs.
MOST_VALUES = 2**22


def endpoints(model):
    """The signatures of a `WeatherForecaster`, see `Family.endpoints`."""
    states, basis = StateSpecs(model, by_layer=False), model.basis
    parameters = len(model.parameters)
    days = tf.TensorSpec([None, None, parameters], tf.float32, name="days")
    day = tf.TensorSpec([None, parameters], tf.float32, name="day")
    fields = tf.TensorSpec([None, None, 1, 1, parameters], tf.float32, name="fields")

    @stored_once(days)
    def check(days):
        days = tf.where(days == MISSING, np.float32(np.nan), days)
        return tf.expand_dims(tf.expand_dims(_checked(model, days), 2), 2)

    def outputs(predictions):
        """Of predictions of consecutive days."""
        u = tf.stack([basis.on_scale(predicted) for predicted in predictions], axis=1)
        ahead, there = list(range(len(predictions))), basis.is_known(u)
        return {
            "mean": tf.where(there, basis.means(u, ahead), MISSING),
            "quantiles": tf.where(there[..., None], basis.at_levels(u, LEVELS, ahead), MISSING),
            "levels": tf.tile([LEVELS], [tf.shape(u)[0], 1]),
        }

    def serving_default(days):
        fields = check(_without_ended(_enough(model, days)))
        predicted, after = model.advance(fields, model.initial_states(tf.shape(fields)[0]))
        last = basis.on_scale(predicted)[:, -1]
        predictions = [tf.expand_dims(tf.expand_dims(last, 1), 1)]
        while len(predictions) < AHEAD:
            predicted, after = model.step(predictions[-1], after)
            predictions.append(predicted)
        return outputs(predictions)

    def step(day, before):
        predicted, after = model.step(check(day[:, None])[:, 0], before)
        return outputs([predicted]), after

    return {
        "serving_default": (serving_default, [days]),
        "step": step_signature(states, day, step),
        "model": model_signature(model, fields, lambda fields: check(fields[:, :, 0, 0])),
    }, []


def _enough(model, days):
    """Days, if they are as many as a forecast needs."""
    count = tf.shape(days)[1]
    text = message(TOO_FEW, count=count, least=model.least, why=f", {model.least_means}")
    return checked(days, [*_sizes(days), (count >= model.least, text)])


def _without_ended(days):
    """Days without parameters that have no value on the last ones."""
    latest = days[:, -LATEST:]
    missing = tf.math.is_nan(latest) | (latest == MISSING)
    return tf.where(tf.reduce_all(missing, axis=1, keepdims=True), MISSING, days)


def _checked(model, days):
    """Days, if they are NaN or in the ranges of their parameters."""
    low, high, accepted = refusals.ranges(model.basis.cells.scales)
    wrong = (days < low) | (days > high)
    index, value = first_where(wrong, days)
    text = message(
        refusals.VALUE,
        parameter=tf.gather(model.parameters, index[2]),
        value=value,
        row=index[1],
        accepted=tf.gather(accepted, index[2]),
    )
    return checked(days, [*_sizes(days), (~tf.reduce_any(wrong), text)])


def _sizes(days):
    return [
        (tf.size(days) > 0, "no day: give one or more"),
        (tf.size(days) <= MOST_VALUES, f"too many days: {MOST_VALUES} values at most"),
    ]
