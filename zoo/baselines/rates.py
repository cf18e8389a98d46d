"""What a model that forecasts a rate has to beat: one step ahead, walking forward.

Each takes the whole series and where the part to forecast begins. What is estimated, is from the
rates before that; each forecast then knows all rates before its day.
"""

import warnings

import numpy as np
from scipy.stats import norm

from rnnzoo.datasets.common.errors import InputError

EXTRA = "rates"

# Days of the rolling volatility: of 10, 20, 40, 60 and 120 the best on the validation split of
# `fred`.
DAYS = 60

# Log returns are multiplied by this for estimators, whose steps are made for numbers about 1.
PERCENT = 100


def check_extra():
    """Raises where what GARCH, ARIMA and ETS are made of is not installed.

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
    """No change: the rate before.

    Args:
        values: float array (time,), above 0.
        start: int, the first row to forecast, above 0.

    Returns:
        float64 array (time - start,).
    """
    return np.asarray(values[start - 1 : -1], "float64")


def drift(values, start):
    """The rate before, moved on by the mean log return of all rows before `start`."""
    mean = np.log(values[start - 1] / values[0]) / (start - 1)
    return persistence(values, start) * np.exp(mean)


def rolling_volatility(values, start, levels, days=DAYS):
    """Normal quantiles around no change; the variance is the mean square of the last returns.

    Args:
        values: float array (time,).
        start: int, above 1.
        levels: array (levels,), 0 to 1.
        days: int, returns that the volatility is of; fewer where there are fewer.

    Returns:
        float64 array (time - start, levels).
    """
    squares = np.square(np.diff(np.log(values)))
    total = np.concatenate([[0], np.cumsum(squares)])
    ends = np.arange(start - 1, len(values) - 1)  # returns known before the row
    begins = np.maximum(ends - days, 0)
    # Sums of differences of a sum can come out below 0 by rounding.
    variance = np.maximum(total[ends] - total[begins], 0) / (ends - begins)
    return _quantiles(values, start, np.sqrt(variance), norm.ppf(levels))


def garch(values, start, levels, distribution="normal"):
    """Quantiles around no change, with the variance of a GARCH(1,1) of the log returns.

        s²_t = w + a r²_(t-1) + b s²_(t-1)

    By maximum likelihood, with the package `arch`.

    Args:
        values: float array (time,).
        start: int; w, a and b are estimated from the rows before it.
        levels: array (levels,), 0 to 1.
        distribution: `"normal"`, or `"t"`: Student's, its degrees of freedom estimated too, since
            rates have wilder days than a normal distribution.

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
