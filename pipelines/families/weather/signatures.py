"""The signatures of an exported weather forecaster; -999 or NaN are missing values.

    serving_default   days (batch, days, parameters) -> mean (batch, 14, parameters) and quantiles
                      (batch, 14, parameters, levels) of the next 14 days
    step              a day (batch, parameters) and the states before it -> those of the next day,
                      (batch, 1, ...), and the states after it
    model             fields (batch, days, 1, 1, parameters) -> the outputs of the Keras model

Of parameters that a place does not have, or of which `serving_default` has none of the last 30
days, outputs are -999. The states before the first day are zeros; seasons need two years of days.
"""

import numpy as np
import tensorflow as tf

from rnnzoo.fields.basis import LEVELS
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

    def outputs(predictions, recent=True):
        """Of predictions of consecutive days; `recent` parameters (batch, 1, parameters)."""
        u = tf.stack([basis.on_scale(predicted) for predicted in predictions], axis=1)
        ahead, there = list(range(len(predictions))), basis.is_known(u) & recent
        return {
            "mean": tf.where(there, basis.means(u, ahead), MISSING),
            "quantiles": tf.where(there[..., None], basis.at_levels(u, LEVELS, ahead), MISSING),
            "levels": tf.tile([LEVELS], [tf.shape(u)[0], 1]),
        }

    def serving_default(days):
        fields = check(days)
        predicted, after = model.advance(fields, model.initial_states(tf.shape(fields)[0]))
        last = basis.on_scale(predicted)[:, -1]
        predictions = [tf.expand_dims(tf.expand_dims(last, 1), 1)]
        while len(predictions) < AHEAD:
            predicted, after = model.step(predictions[-1], after)
            predictions.append(predicted)
        missing = tf.math.is_nan(fields[:, -LATEST:, 0, 0])
        return outputs(predictions, ~tf.reduce_all(missing, axis=1, keepdims=True))

    def step(day, before):
        predicted, after = model.step(check(day[:, None])[:, 0], before)
        return outputs([predicted]), after

    return {
        "serving_default": (serving_default, [days]),
        "step": step_signature(states, day, step),
        "model": model_signature(model, fields, lambda fields: check(fields[:, :, 0, 0])),
    }, []


def _checked(model, days):
    """Days, if they are finite or NaN, and of at least 0 where they cannot be less."""
    infinite = tf.math.is_inf(days)
    negative = (days < 0) & tf.constant(refusals.nonnegative(model.basis.cells.scales))
    checks = [
        (tf.size(days) > 0, "no day: give one or more"),
        (tf.size(days) <= MOST_VALUES, f"too many days: {MOST_VALUES} values at most"),
    ]
    names = tf.constant(model.parameters)
    for wrong in (infinite, negative):
        index, value = first_where(wrong, days)
        text = message(
            refusals.VALUE, parameter=tf.gather(names, index[2]), value=value, row=index[1]
        )
        checks.append((~tf.reduce_any(wrong), text))
    return checked(days, checks)
