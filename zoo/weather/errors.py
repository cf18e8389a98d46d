"""Estimates the errors of weather forecasts at each lead time."""

import keras
import numpy as np
from keras import ops

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.fields import rollout
from rnnzoo.fields.basis import HORIZONS, LEVELS
from rnnzoo.weather.parameter_cells import KNOTS, WET, wrapped

EVERY = 5  # days between two forecasts
AT_ONCE = 64  # forecasts that are rolled out at once
SMALLEST = 1e-3  # standard deviation in units, of what never changes
DEGREES = 90.0  # standard deviation of directions, until it is estimated
FEWEST = 30  # wet days that a distribution is estimated from


def forecasts(model, values, origins, steps):
    """Predictions on the scale (origins, steps, 2 cells) after days of a series.

    Args:
        model: `WeatherForecaster`.
        values: array (days, 1, 1, parameters).
        origins: list of int, ascending: the first day that each forecast predicts, at least 1.
        steps: int.
    """
    begin = max(0, origins[0] - rollout.CONTEXT * model.reach)
    states, position, rows = model.initial_states(1), begin, []
    for first in range(0, len(origins), AT_ONCE):
        started = []
        for origin in origins[first : first + AT_ONCE]:
            predicted, states = rollout.read(model, values[position:origin], states)
            started.append((predicted[:, -1], states))
            position = origin
        rows.append(_rolled_out(model, started, steps))
    return np.concatenate(rows)


def _rolled_out(model, started, steps):
    predicted = ops.convert_to_tensor(np.concatenate([first for first, _ in started]))
    flat = zip(*(keras.tree.flatten(states) for _, states in started), strict=True)
    flat = [ops.concatenate(parts) for parts in flat]
    states = keras.tree.pack_sequence_as(started[0][1], flat)
    rows = [ops.convert_to_numpy(model.basis.on_scale(predicted))]
    for _ in range(steps - 1):
        predicted, states = model.compiled_follow(predicted, states)
        rows.append(ops.convert_to_numpy(model.basis.on_scale(predicted)))
    return np.stack(rows, axis=1)


def estimate(model, series, starts):
    """Sets the basis's `spread`, `quantiles` and `wet`.

    Args:
        model: `WeatherForecaster`.
        series: list of arrays (days, 1, 1, parameters).
        starts: list of int, the first day of each that is predicted.

    Raises:
        InputError: a series has too few days.
    """
    basis, errors, first, following = model.basis, [], [], []
    for values, start in zip(series, starts, strict=True):
        if len(values) - start < HORIZONS + 1:
            raise InputError(
                f"{max(0, len(values) - start)} days to estimate errors on: give {HORIZONS + 1} "
                "or more"
            )
        origins = list(range(start, len(values) - HORIZONS + 1, EVERY))
        u = forecasts(model, values, origins, HORIZONS)
        days = np.array(origins)[:, None] + np.arange(HORIZONS)
        errors.append(units_of_error(basis, u, values[days, 0, 0]))
        first.append(u[:, 0])
        following.append(values[origins, 0, 0])
    errors = np.concatenate(errors)
    count = (~np.isnan(errors)).sum(axis=0)
    squares = np.nansum(np.square(errors), axis=0, dtype="float64") / np.maximum(count, 1)
    # Errors grow with the lead time; few forecasts estimate that with noise.
    spread = np.sqrt(np.maximum.accumulate(squares, axis=0)) + SMALLEST
    # What no series has keeps its errors, or has those of the season.
    before = ops.convert_to_numpy(basis.spread)
    before = np.where(before > 0, before, np.where(basis.cells.directions, DEGREES, 1.0))
    spread = np.where(count.any(axis=0), spread, before)
    basis.spread.assign(spread)
    relative = (errors / spread)[..., basis.cells.first].reshape(-1, basis.size[-1])
    known = ~np.isnan(relative).all(axis=0)
    quantiles = ops.convert_to_numpy(basis.quantiles).copy()
    quantiles[known] = np.nanquantile(relative[:, known], LEVELS, axis=0).T
    basis.quantiles.assign(quantiles)
    estimate_amounts(basis, first, following)


def estimate_amounts(basis, predicted, values):
    """Sets the basis's `wet`, if there are enough wet days.

    Args:
        basis: `WeatherBasis`.
        predicted: list of arrays (days, 2 cells), predictions one day ahead with their units.
        values: list of arrays (days, parameters), what came.
    """
    amounts = [_relative_amounts(basis, u, v) for u, v in zip(predicted, values, strict=True)]
    amounts = np.concatenate(amounts)
    if len(amounts) >= FEWEST:
        basis.wet.assign(_quantiles(amounts))


def standardized(basis, u, values):
    """Errors of parameters in standard deviations of those one day ahead, NaN where unknown.

    That of rain is the error of its amount.

    Args:
        basis: `WeatherBasis`, whose errors are estimated.
        u: array (2 cells,), a prediction with its units.
        values: array (parameters,), NaN where missing.
    """
    rain = np.array(list(basis.cells.scales.values())) == "rain"
    cells = basis.cells.first + rain
    spread = ops.convert_to_numpy(basis.spread[0])
    return (units_of_error(basis, u, values) / np.maximum(spread, SMALLEST))[cells]


def units_of_error(basis, u, values):
    """Errors of cells (..., cells) in units of the place; of directions in degrees; NaN: unknown.

    Args:
        basis: `WeatherBasis`.
        u: array (..., 2 cells), predictions with their units.
        values: array (..., parameters), NaN where missing.
    """
    cells = basis.cells
    predicted, unit = np.split(u, 2, axis=-1)
    known = ~np.isnan(values)[..., cells.parameter] & (unit > 0)
    actual = ops.convert_to_numpy(cells.scaled(np.nan_to_num(values)))
    errors = (actual - predicted) / np.where(unit > 0, unit, 1.0)
    for channel, scale in enumerate(cells.scales.values()):
        if scale == "angle":
            first = cells.first[channel]
            pair = predicted[..., first], predicted[..., first + 1]
            degrees = values[..., channel] - np.degrees(np.arctan2(*pair))
            errors[..., first] = wrapped(degrees)
    return np.where(known, errors, np.nan)


def _relative_amounts(basis, u, values):
    """Amounts of wet days over their predicted means, array (days,)."""
    means = ops.convert_to_numpy(basis.cells.wet_means(*np.split(u, 2, axis=-1)))
    rain = np.array(list(basis.cells.scales.values())) == "rain"
    usable = rain & (values >= WET) & ops.convert_to_numpy(basis.is_known(u))
    return values[usable] / means[usable]


def _quantiles(amounts):
    """float array (knots,): quantiles at `KNOTS`, between which they are interpolated.

    The last is no maximum, which a single day decides: with it, the mean of the amounts beyond the
    last but one is that of the interpolation.
    """
    quantiles = np.quantile(amounts, KNOTS)
    quantiles[-1] = 2 * amounts[amounts >= quantiles[-2]].mean() - quantiles[-2]
    return quantiles
