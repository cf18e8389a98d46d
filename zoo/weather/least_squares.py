"""The readout of a weather forecaster by least squares; cells may be missing."""

import numpy as np
from keras import ops

from rnnzoo.layers.least_squares.normal_equations import NormalEquations

CHUNK = 512  # days that are read at once: bounds memory


def fit_readout(model, series, ridge):
    """Sets the readout by a ridge regression per cell, on the days on which it is known.

    Args:
        model: `rnnzoo.weather.forecaster.WeatherForecaster`, whose basis is fitted.
        series: list of float32 arrays (days, 1, 1, parameters).
        ridge: float.
    """
    regressors, cells = model.readout.kernel.shape
    equations = [NormalEquations(regressors, 1) for _ in range(cells)]
    for values in series:
        for rows, targets, known in _chunks(model, values):
            for cell, equation in enumerate(equations):
                day = known[:, cell]
                if day.any():
                    equation.add(rows[day], targets[day, cell, None])
    kernel, bias = np.zeros((regressors, cells)), np.zeros(cells)
    for cell, equation in enumerate(equations):
        if equation.weight > 0:
            weights, constant = equation.solve(ridge)
            kernel[:, cell], bias[cell] = weights[:, 0], constant[0]
    model.readout.kernel.assign(kernel)
    model.readout.bias.assign(bias)


def rows_and_targets(model, values):
    """What the readout reads and should return: float32 (1, days, ...); unknown targets are 0."""
    rows, targets, known = (
        np.concatenate(part) for part in zip(*_chunks(model, values), strict=True)
    )
    ready = known.any(axis=1)
    return rows[None, ready], np.where(known, targets, 0.0)[None, ready].astype("float32")


def _chunks(model, values):
    """Yields (rows (days, regressors), targets (days, cells), bool (days, cells): known)."""
    states = model.initial_states(1)
    for start in range(0, len(values) - 1, CHUNK):
        days = ops.convert_to_tensor(values[None, start : start + CHUNK])
        rows, season, unit, states = model.compiled_regressors(days, states)
        rows, season, unit = (ops.convert_to_numpy(part[0]) for part in (rows, season, unit))
        following = values[None, start + 1 : start + CHUNK + 1]
        u, known = (ops.convert_to_numpy(part[0]) for part in model.basis.read(following))
        rows, season, unit = rows[: len(u)], season[: len(u)], unit[: len(u)]
        known = (known > 0) & (unit > 0)
        yield rows, (u - season) / np.where(unit > 0, unit, 1.0), known
