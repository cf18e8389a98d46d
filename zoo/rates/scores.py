"""Losses and tests of forecasts of a rate."""

import numpy as np
from scipy.stats import t as student_t


def squared_errors(truth, forecast):
    """Array (time,), in the unit of the rate squared."""
    return np.square(np.asarray(truth, "float64") - forecast)


def diebold_mariano(losses, others, steps=1):
    """Test of equal losses of two forecasts: Diebold and Mariano (1995).

        d_t = L(a_t) - L(b_t),    DM = mean(d) / sqrt(V / n)
        V = g_0 + 2 sum_(k < steps) g_k,    g_k the autocovariances of d

    with the correction of Harvey, Leybourne and Newbold (1997) for small samples,
    DM sqrt((n + 1 - 2h + h (h - 1) / n) / n), against Student's t with n - 1 degrees of freedom.

    Args:
        losses: array (time,), such as squared errors, of one forecast.
        others: array (time,), of the other.
        steps: int, h, the horizon of the forecasts.

    Returns:
        (statistic, p), floats: the statistic is negative if the first has the smaller losses; p is
        two-sided. Both are None if the losses are equal or their variance is not above 0.
    """
    d = np.asarray(losses, "float64") - others
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
    """Pearson's correlation of realised and forecast changes; None if either is constant."""
    if np.ptp(changes) == 0 or np.ptp(forecasts) == 0:
        return None
    return float(np.corrcoef(changes, forecasts)[0, 1])


def pinball_losses(truth, quantiles, levels):
    """Pinball loss: of level p, p e where e = truth - quantile is above 0, (p - 1) e below.

    Args:
        truth: array (time,).
        quantiles: array (time, levels).
        levels: array (levels,), 0 to 1.

    Returns:
        float64 array (time,), the mean over the levels, in the unit of the rate.
    """
    error = np.asarray(truth)[:, None] - quantiles
    levels = np.asarray(levels)
    return np.mean(np.maximum(levels * error, (levels - 1) * error), axis=1)


def coverage(truth, low, high):
    """Share of values inside [low, high], from 0 to 1."""
    return float(np.mean((low <= np.asarray(truth)) & (truth <= high)))
