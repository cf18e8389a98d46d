"""How good forecasts of a rate are, beside those of "no change"."""

import numpy as np
from scipy.stats import t as student_t


def mean_squared_error(truth, forecast):
    """Mean of the squared differences, in the unit of the rate squared."""
    return float(np.mean(np.square(np.asarray(truth) - forecast)))


def diebold_mariano(truth, forecast, other, steps=1):
    """Whether two forecasts differ in squared error: Diebold and Mariano (1995).

        d_t = (y_t - a_t)² - (y_t - b_t)²,    DM = mean(d) / sqrt(V / n)
        V = g_0 + 2 sum_(k < steps) g_k,      g_k the autocovariances of d

    with the correction of Harvey, Leybourne and Newbold (1997) for small samples,
    DM sqrt((n + 1 - 2h + h (h - 1) / n) / n), against Student's t with n - 1 degrees of freedom.

    Args:
        truth: array (time,).
        forecast: array (time,), a.
        other: array (time,), b.
        steps: int, h, how far ahead the forecasts look.

    Returns:
        (statistic, p), floats: below 0 where `forecast` has the smaller error; p is two-sided. Both
        are None where the two forecasts have the same errors or the variance is none.
    """
    truth = np.asarray(truth, "float64")
    d = np.square(truth - forecast) - np.square(truth - other)
    n, mean = len(d), d.mean()
    centred = d - mean
    variance = np.mean(centred**2)
    for k in range(1, steps):
        variance += 2 * np.sum(centred[k:] * centred[:-k]) / n
    if not variance > 0:
        return None, None
    corrected = (n + 1 - 2 * steps + steps * (steps - 1) / n) / n
    statistic = mean / np.sqrt(variance / n) * np.sqrt(corrected)
    return float(statistic), float(2 * student_t.sf(abs(statistic), n - 1))


def correlation(changes, forecasts):
    """Pearson's, of realised and forecast changes; None where one of them never varies."""
    if np.ptp(changes) == 0 or np.ptp(forecasts) == 0:
        return None
    return float(np.corrcoef(changes, forecasts)[0, 1])


def pinball(truth, quantiles, levels):
    """Mean pinball loss: of level p, p e where e = truth - quantile is above 0, (p - 1) e below.

    Args:
        truth: array (time,).
        quantiles: array (time, levels).
        levels: array (levels,), 0 to 1.

    Returns:
        float, in the unit of the rate.
    """
    error = np.asarray(truth)[:, None] - quantiles
    levels = np.asarray(levels)
    return float(np.mean(np.maximum(levels * error, (levels - 1) * error)))


def coverage(truth, low, high):
    """Share of values inside [low, high], from 0 to 1."""
    return float(np.mean((low <= np.asarray(truth)) & (truth <= high)))
