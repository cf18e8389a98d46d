"""Judges a forecaster and the baselines beside it, walking forward over the same days."""

import numpy as np

from rnnzoo.baselines import rates as baselines
from rnnzoo.rates import scores
from rnnzoo.rates.calibration import PATHS, intervals_ahead

# Of which the pinball loss is the mean, 5% to 95%.
LEVELS = tuple(round(0.05 * i, 2) for i in range(1, 20))
UNIT = "pinball loss"
SPLITS = ("validation", "test")

# Days ahead whose intervals are looked at too, and every how many days such a forecast is made.
AHEAD, EVERY = (5, 20), 10


def row(values, start, forecast, quantiles=None, rivals=None):
    """The figures of a forecast of the rows from `start` on.

    Args:
        values: array (time,), all rates up to the last that is judged.
        start: int.
        forecast: array (time - start,).
        quantiles: array (time - start, 19) at `LEVELS`, or None.
        rivals: dict from name to array like `quantiles`, to compare its pinball losses with.

    Returns:
        dict: `mse`, `relative_mse` to no change, `dm` and `dm_p` of the Diebold-Mariano test
        against it (below 0: smaller errors), `correlation` with the realised change, `pinball`,
        `coverage` of the 90% interval, and of each rival `dm_NAME` and `dm_p_NAME` of the
        same test of pinball losses; None where there is no such figure.
    """
    truth, before = values[start:], baselines.persistence(values, start)
    errors, of_no_change = (scores.squared_errors(truth, one) for one in (forecast, before))
    statistic, p = scores.diebold_mariano(errors, of_no_change)
    found = {
        "mse": float(errors.mean()),
        "relative_mse": float(errors.mean() / of_no_change.mean()),
        "dm": statistic,
        "dm_p": p,
        "correlation": scores.correlation(truth - before, forecast - before),
        "pinball": None,
        "coverage": None,
    }
    if quantiles is not None:
        losses = scores.pinball_losses(truth, quantiles, LEVELS)
        found["pinball"] = float(losses.mean())
        found["coverage"] = scores.coverage(truth, quantiles[:, 0], quantiles[:, -1])
        for name, others in (rivals or {}).items():
            of_rival = scores.pinball_losses(truth, others, LEVELS)
            tested = scores.diebold_mariano(losses, of_rival)
            found[f"dm_{name}"], found[f"dm_p_{name}"] = tested
    return found


def of_model(model, values, start, rivals=None):
    """The row of a `Forecaster`; `rivals` as for `row`."""
    forecast = model.walk_forward(values, start)
    return row(values, start, forecast, model.walk_forward(values, start, LEVELS), rivals)


def rival_quantiles(values, start, extra=True):
    """dict from name to the quantiles (time - start, 19) of each baseline that has them.

    Args:
        values: array (time,).
        start: int.
        extra: bool; also those that need the extra `rates`.

    Raises:
        InputError: that extra is asked for and not installed.
    """
    found = {"rolling_volatility": baselines.rolling_volatility(values, start, LEVELS)}
    if extra:
        found["garch"] = baselines.garch(values, start, LEVELS)
        found["garch_t"] = baselines.garch(values, start, LEVELS, "t")
    return found


def of_baselines(values, start, rivals):
    """dict from name to row of each baseline.

    Args:
        values: array (time,).
        start: int.
        rivals: what `rival_quantiles` made; with those of the extra, ARIMA and ETS are there too.
    """
    same = baselines.persistence(values, start)
    found = {
        "persistence": row(values, start, same),
        "drift": row(values, start, baselines.drift(values, start)),
    }
    if "garch" in rivals:
        found["arima"] = row(values, start, baselines.arima(values, start))
        found["ets"] = row(values, start, baselines.ets(values, start))
    return found | {name: row(values, start, same, one) for name, one in rivals.items()}


def coverage_ahead(model, values, start):
    """Coverage of the 90% intervals several days ahead, by simulated paths.

    Args:
        model: `Forecaster`.
        values: array (time,).
        start: int; a forecast is made every ten days from there on.

    Returns:
        dict from days ahead as str to a share; without those that the rows are too few for.
    """
    begins = np.arange(start, len(values) - max(AHEAD) + 1, EVERY)
    if not len(begins):
        return {}
    made = np.exp(intervals_ahead(model, values, begins, AHEAD, PATHS, widened=True))
    return {
        str(days): scores.coverage(values[begins + days - 1], of_day[:, 0], of_day[:, -1])
        for days, of_day in zip(AHEAD, made, strict=True)
    }
