"""Calibration of a trained forecaster on rates that it was not trained on.

`trust`        factor of the location: 0 of a model that is no better than forecasting no change
`calibration`  factor of the next day's intervals
`widening`     factors of the intervals of longer horizons: they cover what the paths leave out,
               such as a slow change of the location
"""

import numpy as np

from rnnzoo.rates import paths
from rnnzoo.rates.quantiles import (
    HIGH,
    HORIZONS,
    LEVELS,
    LOW,
    MEDIAN,
    conformal_factor,
    interval_scores,
)

# Rows between two forecasts of several days, and the least number of forecasts.
EVERY, LEAST = 5, 40

# Per forecast; fewer than `Forecaster.forecast` has, as there are many forecasts.
PATHS = 200

INTERVAL = np.array([LEVELS[LOW], LEVELS[MEDIAN], LEVELS[HIGH]])


def calibrate(model, series, start):
    """Sets the three weights on the rows from `start` on.

    Args:
        model: `Forecaster`.
        series: float64 array (time,), checked.
        start: int.
    """
    head = model.head
    for weight in (head.calibration, head.trust, head.widening):
        weight.assign(np.ones(weight.shape))
    z, s = model.outputs_from(series, start)
    returns = np.log(series[start:] / series[start - 1 : -1])
    head.trust.assign(least_squares_trust(returns, s * z[:, 0]))
    low, median, high = (z[:, 1 + index] for index in (LOW, MEDIAN, HIGH))
    head.calibration.assign(conformal_factor(interval_scores(returns / s, low, median, high)))
    head.widening.assign(_widening(model, series, start))


def least_squares_trust(returns, forecasts):
    """t of least |returns - t forecasts|², clipped to [0, 1]; 1 if all forecasts are 0.

    >>> least_squares_trust([0.1, -0.1], [0.2, -0.2]), least_squares_trust([0.1], [-0.1])
    (0.5, 0.0)
    """
    forecasts = np.asarray(forecasts, "float64")
    size = forecasts @ forecasts
    return float(np.clip(forecasts @ returns / size, 0, 1)) if size > 0 else 1.0


def widening(head, day):
    """The factor of the intervals `day` days ahead.

    Args:
        head: `QuantileHead`.
        day: int, from 1.

    Returns:
        float.
    """
    return float(np.interp(np.log(day), np.log(HORIZONS), np.asarray(head.widening)))


def intervals_ahead(model, series, begins, days, count, widened):
    """90% intervals at several horizons, from many days.

    Args:
        model: `Forecaster`.
        series: float64 array (time,), checked.
        begins: sequence of int, the first row of each forecast, ascending.
        days: sequence of int, horizons in days, ascending.
        count: int, paths per forecast.
        widened: bool, whether `widening` is applied.

    Returns:
        float64 array (days, begins, 3): logarithms of the rates at 5%, 50% and 95%.
    """
    length = min(paths.CONTEXT, begins[0])
    histories = np.stack([series[begin - length : begin] for begin in begins])
    ahead = paths.simulated(model, histories, days[-1], seed=0, count=count)
    return np.stack(
        [
            distribution.quantiles(INTERVAL, widening(model.head, day) if widened else 1.0)
            for day, distribution in enumerate(ahead, 1)
            if day in days
        ]
    )


def _widening(model, series, start):
    """1 for the next day, and the conformal factor of each longer horizon.

    Intervals overlap, so the effective number of forecasts is smaller: the factor stays 1 where
    there are fewer than 40 forecasts.
    """
    begins = np.arange(start, len(series) - max(HORIZONS) + 1, EVERY)
    if len(begins) < LEAST:
        return np.ones(len(HORIZONS))
    intervals = intervals_ahead(model, series, begins, HORIZONS[1:], PATHS, widened=False)
    factors = [
        conformal_factor(interval_scores(np.log(series[begins + day - 1]), *of_day.T))
        for day, of_day in zip(HORIZONS[1:], intervals, strict=True)
    ]
    return np.array([1.0, *factors])
