"""Windows of a few days of rates, each with the rate that follows, in two protocols."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import lfilter

from rnnzoo.rates.batches import SKIP
from rnnzoo.rates.volatility import DECAYS, FLOOR

# [NB] 6.3: the rates of four days.
DAYS = 4


@dataclass(frozen=True)
class Windows:
    """Inputs and targets of a network, and the weights of its errors.

    Args:
        x: float32 array (windows, days, features).
        y: float32 array (windows, 1).
        weight: float32 array (windows,): a squared error times its weight is in squared units of
            the rate.
        no_change: float64 array (windows,), squared errors of persistence, the last rate as the
            forecast, in these units.
    """

    x: np.ndarray
    y: np.ndarray
    weight: np.ndarray
    no_change: np.ndarray

    def first(self, count):
        """Returns the first windows only."""
        parts = self.x, self.y, self.weight, self.no_change
        return Windows(*(part[:count] for part in parts))


def levels(series, start):
    """The paper's protocol: rates standardised by mean and deviation of the training part.

    Args:
        series: float64 array (time,) of rates, or (time, features), of which the last is forecast.
        start: int, the first row that is held out.

    Returns:
        (training, held out), both `Windows`; a held-out row is forecast from the rows before it,
        in whichever part they are.
    """
    series = series.reshape(len(series), -1)
    target = series[:, -1]
    mean, sd = series[:start].mean(axis=0), series[:start].std(axis=0)
    scaled = (series - mean) / sd

    def windows(rows):
        errors = target[rows] - target[rows - 1]
        weight = np.full(len(rows), sd[-1] ** 2)
        return _windows(scaled, scaled[:, -1], rows, weight, errors)

    return windows(np.arange(DAYS, start)), windows(np.arange(start, len(series)))


def relative(series, start):
    """The sound protocol: relative changes in units of recent volatility.

        x_t = (r_t / s_t, log(s_t / s'_t)),    y = (rate_(t+1) - rate_t) / (s_t rate_t)

    with r the log return and s, s' its exponentially weighted volatilities: no level is outside
    the training range, and the target is on the scale of recent days.

    Args and returns: as for `levels`, with `series` (time,).
    """
    returns = np.diff(np.log(series), prepend=np.log(series[0]))
    s, slow = (_volatility(returns, decay) for decay in DECAYS)
    features = np.stack([returns / s, np.log(s / slow)], axis=1)
    unit = np.empty_like(series)  # of the change to each row, in the rate's units
    unit[1:], unit[0] = (s * series)[:-1], np.nan
    errors = np.diff(series, prepend=np.nan)

    def windows(rows):
        return _windows(features, errors / unit, rows, unit[rows] ** 2, errors[rows])

    return windows(np.arange(SKIP + DAYS, start)), windows(np.arange(start, len(series)))


def _volatility(returns, decay):
    """As `rnnzoo.rates.volatility`, whose matrix of all pairs of days is for short windows."""
    squares = np.square(returns)
    squares[0] = 0  # the first row has no return
    weight = lfilter([1 - decay], [1, -decay], np.arange(len(returns)) > 0)
    variance = lfilter([1 - decay], [1, -decay], squares) / np.maximum(weight, 1e-6)
    return np.sqrt(variance + FLOOR**2)


def _windows(features, target, rows, weight, errors):
    inputs = sliding_window_view(features, DAYS, axis=0)[rows - DAYS].swapaxes(1, 2)
    return Windows(
        np.ascontiguousarray(inputs, "float32"),
        target[rows, None].astype("float32"),
        weight.astype("float32"),
        np.square(errors),
    )
