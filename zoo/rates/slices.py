"""Pinball losses by currency, year, weekday and recent volatility, beside rolling volatility."""

import numpy as np

from rnnzoo.baselines.rates import recent_volatility
from rnnzoo.calendar_slices import weekdays, years
from rnnzoo.evaluation_rows import merged_rows, thirds
from rnnzoo.rates import scores
from rnnzoo.rates.evaluation import LEVELS, baseline_quantiles, model_losses


def rows(split, model, values, start, dates, currency):
    """Yields the rows of a split, see `rnnzoo.pipelines.core.family.Family.evaluation_rows`.

    Args:
        split: str.
        model: `Forecaster`.
        values: array (time,), all rates up to the last of the split.
        start: int, the first rate of the split.
        dates: datetime64 array (time,).
        currency: str, the name of the series.
    """
    losses = model_losses(model, values, start)
    baselines = {
        name.replace("_", " "): scores.pinball_losses(values[start:], quantiles, LEVELS)
        for name, quantiles in baseline_quantiles(values, start, extra=False).items()
    }
    days = dates[start:]
    dimensions = {
        "currency": ([currency], np.zeros(len(days), int)),
        "year": years(days),
        "weekday": weekdays(days),
        "recent volatility": thirds(recent_volatility(values, start)),
    }
    yield from merged_rows(split, dimensions, losses, baselines=baselines)
