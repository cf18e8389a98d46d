"""Judges a forecaster and the baselines beside it, walking forward over the same days."""

import numpy as np

from rnnzoo.baselines import rates as baselines
from rnnzoo.rates import scores

# Of which the pinball loss is the mean, 5% to 95%.
LEVELS = tuple(round(0.05 * i, 2) for i in range(1, 20))
UNIT = "pinball loss"
SPLITS = ("validation", "test")

# Days ahead whose intervals are looked at too, and every how many days such a forecast is made.
AHEAD, EVERY = (5, 20), 10


def row(values, start, forecast, quantiles=None):
    """The figures of a forecast of the rows from `start` on.

    Args:
        values: array (time,), all rates up to the last that is judged.
        start: int.
        forecast: array (time - start,).
        quantiles: array (time - start, 19) at `LEVELS`, or None.

    Returns:
        dict: `mse`, `relative_mse` to no change, `dm` and `dm_p` of the Diebold-Mariano test
        against it (below 0: smaller errors), `correlation` with the realised change, `pinball`, and
        `coverage` of the 90% interval; None where there is no such figure.
    """
    truth, before = values[start:], baselines.persistence(values, start)
    mse = scores.mean_squared_error(truth, forecast)
    statistic, p = scores.diebold_mariano(truth, forecast, before)
    found = {
        "mse": mse,
        "relative_mse": mse / scores.mean_squared_error(truth, before),
        "dm": statistic,
        "dm_p": p,
        "correlation": scores.correlation(truth - before, forecast - before),
        "pinball": None,
        "coverage": None,
    }
    if quantiles is not None:
        found["pinball"] = scores.pinball(truth, quantiles, LEVELS)
        found["coverage"] = scores.coverage(truth, quantiles[:, 0], quantiles[:, -1])
    return found


def of_model(model, values, start):
    """The row of a `Forecaster`."""
    forecast = model.walk_forward(values, start)
    return row(values, start, forecast, model.walk_forward(values, start, LEVELS))


def of_baselines(values, start, extra=True):
    """dict from name to row of each baseline.

    Args:
        values: array (time,).
        start: int.
        extra: bool; also those that need the extra `rates`.

    Raises:
        InputError: that extra is asked for and not installed.
    """
    same = baselines.persistence(values, start)
    found = {
        "persistence": row(values, start, same),
        "drift": row(values, start, baselines.drift(values, start)),
    }
    rolling = baselines.rolling_volatility(values, start, LEVELS)
    if extra:
        found["arima"] = row(values, start, baselines.arima(values, start))
        found["ets"] = row(values, start, baselines.ets(values, start))
    found["rolling_volatility"] = row(values, start, same, rolling)
    if extra:
        found["garch"] = row(values, start, same, baselines.garch(values, start, LEVELS))
    return found


def coverage_ahead(model, values, start):
    """Coverage of the 90% intervals several days ahead, by simulated paths.

    Args:
        model: `Forecaster`.
        values: array (time,).
        start: int; a forecast is made every ten days from there on.

    Returns:
        dict from days ahead as str to a share; without those that the rows are too few for.
    """
    inside = {steps: [] for steps in AHEAD}
    for at in range(start, len(values) - max(AHEAD) + 1, EVERY):
        made = model.forecast(values[:at], max(AHEAD), quantiles=[LEVELS[0], LEVELS[-1]], seed=at)
        for steps in AHEAD:
            low, high = made[steps - 1]
            inside[steps].append(low <= values[at + steps - 1] <= high)
    return {str(steps): float(np.mean(one)) for steps, one in inside.items() if one}
