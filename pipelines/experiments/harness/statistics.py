"""Means over seeds, and paired differences of two arms that were trained with the same seeds.

Values that are not finite are left out. A statistic that is undefined, because there are too few
seeds or no variance, is NaN.
"""

import dataclasses
import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import ttest_rel

NAN = math.nan

# A relative standard deviation below this is due to rounding.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Summary:
    """Mean and sample standard deviation of `n` values."""

    n: int
    mean: float
    sd: float


@dataclass(frozen=True)
class Paired:
    """The differences, arm minus control, over the seeds where both have a value.

    Args:
        n: int, number of pairs.
        mean, sd: float, of the differences.
        lower, higher: int, seeds whose difference is negative, and positive.
        low, high: float, 95% confidence interval of the mean difference.
        p: float, of the two-sided paired t-test.
    """

    n: int
    mean: float
    sd: float
    lower: int
    higher: int
    low: float
    high: float
    p: float


def summary(values):
    """Returns the `Summary` of the finite values.

    >>> summary([1.0, 2.0, 3.0])
    Summary(n=3, mean=2.0, sd=1.0)
    """
    finite = np.array([value for value in values if math.isfinite(value)])
    mean = float(finite.mean()) if finite.size else NAN
    sd = float(finite.std(ddof=1)) if finite.size > 1 else NAN
    if sd < ROUNDING * abs(mean):
        sd = 0.0
    return Summary(finite.size, mean, sd)


def paired(values, control):
    """Returns the `Paired` of two sequences with one value per seed, in the same order."""
    pairs = np.array(list(zip(values, control, strict=True)), float).reshape(-1, 2)
    pairs = pairs[np.isfinite(pairs).all(axis=1)]
    differences = pairs[:, 0] - pairs[:, 1]
    n, mean, sd = dataclasses.astuple(summary(differences))
    low, high, p = NAN, NAN, NAN
    if sd <= ROUNDING * np.abs(pairs).max(initial=0):
        sd = 0.0
    elif n > 1:
        test = ttest_rel(*pairs.T)
        p = float(test.pvalue)
        low, high = map(float, test.confidence_interval(0.95))
    lower, higher = int((differences < 0).sum()), int((differences > 0).sum())
    return Paired(n, mean, sd, lower, higher, low, high, p)


def holm(p_values):
    """Holm's step-down correction of p values, in their order; NaN, a test not made, stays NaN.

    >>> holm([0.01, 0.04, float("nan"), 0.03])
    [0.03, 0.06, nan, 0.06]
    """
    ascending = sorted((p, index) for index, p in enumerate(p_values) if not math.isnan(p))
    corrected, largest = [NAN] * len(p_values), 0.0
    for rank, (p, index) in enumerate(ascending):
        largest = max(largest, min(1.0, p * (len(ascending) - rank)))
        corrected[index] = largest
    return corrected
