"""Missing days of a series, imputed by a model's own forecasts."""

import numpy as np
from keras import ops

from rnnzoo.baselines.weather import predictions
from rnnzoo.fields import rollout
from rnnzoo.weather.refusals import ranges
from rnnzoo.weather.season import LEAST

LATEST = 30  # days at the end of a series, of which a parameter may be missing
CHUNKS = (rollout.CHUNK, 24, 1)  # days that are read at once, of few lengths: each is traced


def inner_gaps(values):
    """bool array like `values` (days, 1, 1, parameters): missing between two known values."""
    known = ~np.isnan(values)
    after = np.logical_or.accumulate(known, axis=0)
    before = np.logical_or.accumulate(known[::-1], axis=0)[::-1]
    return ~known & after & before


def has_ended(values):
    """bool array (1, 1, parameters): no value on the last `LATEST` days of `values`."""
    return np.isnan(values[-LATEST:]).all(axis=0)


def late_gaps(values):
    """bool array like `values`: missing on the last days, of parameters known until `LATEST` ago.

    A parameter that ended before is none of the place any more.
    """
    known = ~np.isnan(values)
    after = np.logical_or.accumulate(known, axis=0)
    last = ~np.logical_or.accumulate(known[::-1], axis=0)[::-1]
    return ~known & after & last & ~has_ended(values)


def imputed(model, values, gaps):
    """`values` with the model's mean one-step forecasts in the gaps, each from the days before it.

    In the first two years of a parameter, of which the model has no season yet, its climatology of
    these years takes their place.

    Args:
        model: `WeatherForecaster`.
        values: float32 array (days, 1, 1, parameters).
        gaps: bool array like it.

    Returns:
        float32 array like it.
    """
    values, states = values.copy(), model.initial_states(1)
    early = _first_years(values[:, 0, 0], model.basis.cells.scales)
    days = np.flatnonzero(gaps.any(axis=(1, 2, 3)))
    position = max(0, days[0] - rollout.CONTEXT * model.reach) if len(days) else 0
    for day in days:
        if day == 0:
            continue
        predicted, states = _read(model, values[position:day], states)
        u = model.basis.on_scale(predicted)[0]
        means, known = (
            ops.convert_to_numpy(part) for part in (model.basis.means(u), model.basis.is_known(u))
        )
        filling = np.where(known, means, early[day])
        values[day] = np.where(gaps[day], filling, values[day])
        position = day
    return values


def _first_years(values, scales):
    """Climatology of the first two years of each parameter, NaN in later ones: array like `values`.

    Args:
        values: array (days, parameters), NaN where missing.
        scales: dict from parameter to scale.
    """
    climatology = np.full(values.shape, np.nan, "float32")
    for channel, (scale, series) in enumerate(zip(scales.values(), values.T, strict=True)):
        known = np.flatnonzero(~np.isnan(series))
        if len(known):
            years = slice(known[0], known[0] + LEAST)
            first, directions = series[years, None], [0] if scale == "angle" else []
            days = np.arange(1, len(first))
            rows = predictions(first, directions, days, [1], len(first))["climatology"]
            climatology[years, channel][1:] = rows[:, 0, 0]
    return np.clip(climatology, *ranges(scales)[:2])


def _read(model, values, states):
    """(output after the last day, states)."""
    position = 0
    for length in CHUNKS:
        count = (len(values) - position) // length
        for _ in range(count):
            part = ops.convert_to_tensor(values[None, position : position + length])
            predicted, states = model.compiled_advance(part, states)
            position += length
    return predicted[:, -1], states
