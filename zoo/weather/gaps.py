"""Missing days of a series, imputed by a model's own forecasts."""

import numpy as np
from keras import ops

from rnnzoo.fields import rollout

LATEST = 30  # days at the end of a series, of which a parameter may be missing


def inner_gaps(values):
    """bool array like `values` (days, 1, 1, parameters): missing between two known values."""
    known = ~np.isnan(values)
    after = np.logical_or.accumulate(known, axis=0)
    before = np.logical_or.accumulate(known[::-1], axis=0)[::-1]
    return ~known & after & before


def late_gaps(values):
    """bool array like `values`: missing on the last days, of parameters known until `LATEST` ago.

    A parameter that ended before is none of the place any more.
    """
    known = ~np.isnan(values)
    after = np.logical_or.accumulate(known, axis=0)
    ended = known[-LATEST:].any(axis=0)
    last = ~np.logical_or.accumulate(known[::-1], axis=0)[::-1]
    return ~known & after & last & ended


def imputed(model, values, gaps):
    """`values` with the model's mean one-step forecasts in the gaps, each from the days before it.

    Args:
        model: `WeatherForecaster`.
        values: float32 array (days, 1, 1, parameters).
        gaps: bool array like it.

    Returns:
        float32 array like it.
    """
    values, states = values.copy(), model.initial_states(1)
    days = np.flatnonzero(gaps.any(axis=(1, 2, 3)))
    position = max(0, days[0] - rollout.CONTEXT * model.reach) if len(days) else 0
    for day in days:
        if day == 0:
            continue
        predicted, states = _read(model, values[position:day], states)
        means = ops.convert_to_numpy(model.basis.means(model.basis.on_scale(predicted)[0]))
        values[day] = np.where(gaps[day], means[None, None], values[day])
        position = day
    return values


def _read(model, values, states):
    """(output after the last day, states); chunks of two lengths only, as each is traced."""
    whole = len(values) // rollout.CHUNK * rollout.CHUNK
    if whole:
        predicted, states = rollout.read(model, values[:whole], states)
        predicted = predicted[:, -1]
    for day in values[whole:]:
        predicted, states = model.compiled_step(ops.convert_to_tensor(day[None]), states)
    return predicted, states
