"""Baselines of forecasts of a rate: one step ahead, walking forward.

Each takes the whole series and the first row to forecast. Parameters are estimated from the rows
before it; each forecast is conditioned on all rates before its day.
"""

import warnings

import numpy as np
from scipy.stats import norm

from rnnzoo.datasets.common.errors import InputError

EXTRA = "rates"

# Days of the rolling volatility: the best of 10, 20, 40, 60 and 120 on the validation split of
# `fred`.
DAYS = 60

# Log returns are multiplied by this for optimizers that expect numbers of about 1.
PERCENT = 100


def check_extra():
    """Checks that the packages for GARCH, ARIMA and ETS are installed.

    Raises:
        InputError: names the extra.
    """
    try:
        import arch
        import statsmodels
    except ImportError as problem:
        raise InputError(
            f"the baselines need {problem.name}: pip install 'rnnzoo[{EXTRA}]'"
        ) from None
    del arch, statsmodels


def persistence(values, start):
    """Persistence: no change from the previous rate.

    Args:
        values: float array (time,), above 0.
        start: int, the first row to forecast, above 0.

    Returns:
        float64 array (time - start,).
    """
    return np.asarray(values[start - 1 : -1], "float64")


def drift(values, start):
    """The previous rate plus the mean log return of all rows before `start`."""
    mean = np.log(values[start - 1] / values[0]) / (start - 1)
    return persistence(values, start) * np.exp(mean)


def rolling_volatility(values, start, levels, days=DAYS):
    """Normal quantiles around no change; the variance is the mean square of the last returns.

    Args:
        values: float array (time,).
        start: int, above 1.
        levels: array (levels,), 0 to 1.
        days: int, returns that the volatility is estimated from; fewer at the start.

    Returns:
        float64 array (time - start, levels).
    """
    return _quantiles(values, start, recent_volatility(values, start, days), norm.ppf(levels))


def recent_volatility(values, start, days=DAYS):
    """Root mean square of the log returns of the last days before each row.

    Args:
        values, start, days: as for `rolling_volatility`.

    Returns:
        float64 array (time - start,).
    """
    squares = np.square(np.diff(np.log(values)))
    total = np.concatenate([[0], np.cumsum(squares)])
    ends = np.arange(start - 1, len(values) - 1)  # returns known before the row
    begins = np.maximum(ends - days, 0)
    # Differences of cumulative sums can be below 0 by rounding.
    variance = np.maximum(total[ends] - total[begins], 0) / (ends - begins)
    return np.sqrt(variance)


def garch(values, start, levels, distribution="normal"):
    """Quantiles around no change, with the variance of a GARCH(1,1) of the log returns.

        s²_t = w + a r²_(t-1) + b s²_(t-1)

    By maximum likelihood, with the package `arch`.

    Args:
        values: float array (time,).
        start: int; w, a and b are estimated from the rows before it.
        levels: array (levels,), 0 to 1.
        distribution: `"normal"`, or `"t"`: Student's with estimated degrees of freedom, since
            returns have heavier tails than a normal distribution.

    Returns:
        float64 array (time - start, levels).

    Raises:
        InputError: the extra `rates` is not installed.
    """
    check_extra()
    from arch import arch_model

    returns = PERCENT * np.diff(np.log(values))

    def model(part):
        settings = {"mean": "Zero", "vol": "GARCH", "p": 1, "q": 1, "dist": distribution}
        return arch_model(part, **settings, rescale=False)

    fitted = model(returns[: start - 1]).fit(disp="off", show_warning=False)
    spread = model(returns).fix(fitted.params).conditional_volatility[start - 1 :] / PERCENT
    own = [fitted.params["nu"]] if distribution == "t" else None
    shape = model(returns).distribution.ppf(np.asarray(levels), own)
    return _quantiles(values, start, spread, shape)


def arima(values, start, order=(1, 1, 1)):
    """ARIMA of the log rate, one step ahead; estimated from the rows before `start`.

    Raises:
        InputError: the extra `rates` is not installed.
    """
    check_extra()
    from statsmodels.tsa.arima.model import ARIMA

    logs = PERCENT * np.log(values)
    with warnings.catch_warnings(action="ignore"):  # a step of the optimizer may be out of range
        fitted = ARIMA(logs[:start], order=order).fit()
        known = fitted.apply(logs)
    return np.exp(known.fittedvalues[start:] / PERCENT)


def ets(values, start):
    """Simple exponential smoothing of the log rate (ETS(A,N,N)), one step ahead.

    Raises:
        InputError: the extra `rates` is not installed.
    """
    check_extra()
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    logs = PERCENT * np.log(values)
    with warnings.catch_warnings(action="ignore"):
        fitted = ETSModel(logs[:start], error="add").fit(disp=False)
        known = ETSModel(logs, error="add").smooth(fitted.params)
    return np.exp(np.asarray(known.fittedvalues)[start:] / PERCENT)


def _quantiles(values, start, spread, shape):
    returns = spread[:, None] * shape
    return persistence(values, start)[:, None] * np.exp(returns)
