"""Evaluates forecasters and the baselines beside them, walking forward over the same days."""

import numpy as np

from rnnzoo.baselines import rates as baselines
from rnnzoo.evaluation import Evaluation, over_seeds
from rnnzoo.rates import scores
from rnnzoo.rates.calibration import PATHS, intervals_ahead

# The pinball loss is the mean over these levels, 5% to 95%.
LEVELS = tuple(round(0.05 * i, 2) for i in range(1, 20))

# Horizons in days whose intervals are evaluated too, and the days between two such forecasts.
AHEAD, EVERY = (5, 20), 10


def evaluate(models, series, trained):
    """Figures of models and baselines.

    Args:
        models: dict from seed (str) to `Forecaster`, the shipped one first.
        series: dict from split to (values (time,), index of the first rate that is evaluated).
        trained: bool, whether the models were trained by their recipe: then the baselines of the
            extra `rates` are there too, and the model has to be better than rolling volatility.

    Returns:
        `Evaluation`.
    """
    tables, of_baselines = {}, {}
    for split, (values, start) in series.items():
        quantiles = baseline_quantiles(values, start, extra=trained)
        of_baselines[split] = baseline_rows(values, start, quantiles)
        by_seed = {
            seed: model_row(model, values, start, quantiles) for seed, model in models.items()
        }
        tables[split] = {"by_seed": by_seed, "over_seeds": over_seeds(_known(by_seed))}
    figures = {
        seed: {split: table["by_seed"][seed]["pinball"] for split, table in tables.items()}
        for seed in models
    }
    metrics, checks = {"tables": tables}, []
    if trained:
        shipped = next(iter(models.values()))
        metrics["coverage_ahead"] = coverage_ahead(shipped, *series["test"])
        limit = of_baselines["validation"]["rolling_volatility"]["pinball"]
        checks = [("rolling volatility", limit, limit)]
    return Evaluation(figures, checks, of_baselines, metrics)


def _known(by_seed):
    """Without the figures that are None for one of the seeds."""
    missing = {key for row in by_seed.values() for key, value in row.items() if value is None}
    return {
        seed: {key: value for key, value in row.items() if key not in missing}
        for seed, row in by_seed.items()
    }


def row(values, start, forecast, quantiles=None, others=None):
    """The figures of a forecast of the rows from `start` on.

    Args:
        values: array (time,), all rates up to the last that is evaluated.
        start: int.
        forecast: array (time - start,).
        quantiles: array (time - start, 19) at `LEVELS`, or None.
        others: dict from name to array like `quantiles`, whose pinball losses are compared with.

    Returns:
        dict: `mse`, `relative_mse` to no change, `dm` and `dm_p` of the Diebold-Mariano test
        against it (below 0: smaller errors), `correlation` with the realised change, `pinball`,
        `coverage` of the 90% interval, and of each of the others `dm_NAME` and `dm_p_NAME` of the
        same test of pinball losses; None where there is no such figure.
    """
    truth, before = values[start:], baselines.persistence(values, start)
    errors = scores.squared_errors(truth, forecast)
    of_no_change = scores.squared_errors(truth, before)
    statistic, p = scores.diebold_mariano(errors, of_no_change)
    figures = {
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
        figures["pinball"] = float(losses.mean())
        figures["coverage"] = scores.coverage(truth, quantiles[:, 0], quantiles[:, -1])
        for name, other in (others or {}).items():
            of_other = scores.pinball_losses(truth, other, LEVELS)
            test = scores.diebold_mariano(losses, of_other)
            figures[f"dm_{name}"], figures[f"dm_p_{name}"] = test
    return figures


def model_row(model, values, start, others=None):
    """The row of a `Forecaster`; arguments as for `row`."""
    forecast = model.walk_forward(values, start)
    return row(values, start, forecast, model.walk_forward(values, start, LEVELS), others)


def model_losses(model, values, start):
    """The pinball loss of each rate from `start` on: float64 array (time - start,)."""
    quantiles = model.walk_forward(values, start, LEVELS)
    return scores.pinball_losses(values[start:], quantiles, LEVELS)


def baseline_quantiles(values, start, extra=True):
    """dict from name to the quantiles (time - start, 19) of each baseline that has them.

    Args:
        values: array (time,).
        start: int.
        extra: bool; also those that need the extra `rates`.

    Raises:
        InputError: that extra is asked for and not installed.
    """
    quantiles = {"rolling_volatility": baselines.rolling_volatility(values, start, LEVELS)}
    if extra:
        quantiles["garch"] = baselines.garch(values, start, LEVELS)
        quantiles["garch_t"] = baselines.garch(values, start, LEVELS, "t")
    return quantiles


def baseline_rows(values, start, quantiles):
    """dict from name to the row of each baseline.

    Args:
        values: array (time,).
        start: int.
        quantiles: see `baseline_quantiles`; with those of the extra, ARIMA and ETS are there too.
    """
    same = baselines.persistence(values, start)
    rows = {
        "persistence": row(values, start, same),
        "drift": row(values, start, baselines.drift(values, start)),
    }
    if "garch" in quantiles:
        rows["arima"] = row(values, start, baselines.arima(values, start))
        rows["ets"] = row(values, start, baselines.ets(values, start))
    return rows | {name: row(values, start, same, array) for name, array in quantiles.items()}


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
    intervals = np.exp(intervals_ahead(model, values, begins, AHEAD, PATHS, widened=True))
    return {
        str(days): scores.coverage(values[begins + days - 1], of_day[:, 0], of_day[:, -1])
        for days, of_day in zip(AHEAD, intervals, strict=True)
    }
