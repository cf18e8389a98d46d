"""Means over seeds, and differences between two arms that were trained with the same seeds.

A value that is not finite is a seed without a figure. Where a number cannot be had, for want of
seeds or because nothing varies, it is NaN.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import ttest_rel

NAN = math.nan

# Differences that vary less than this, relative to the values, vary by rounding only.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Summary:
    """Mean and sample standard deviation of `n` figures."""

    n: int
    mean: float
    sd: float


@dataclass(frozen=True)
class Paired:
    """The differences, arm minus control, over the seeds where both have a figure.

    `lower` and `higher` count seeds; `low` and `high` bound the mean difference with 95%
    confidence; `p` is that of the two-sided paired t-test.
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
    """The `Summary` of those values that are finite.

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
    """The `Paired` of two sequences with a value a seed, in the same order."""
    both = [
        (one, other)
        for one, other in zip(values, control, strict=True)
        if math.isfinite(one) and math.isfinite(other)
    ]
    differences = np.array([one - other for one, other in both])
    whole = summary(differences)
    sd, low, high, p = whole.sd, NAN, NAN, NAN
    if sd <= ROUNDING * np.abs(both).max(initial=0):
        sd = 0.0
    elif whole.n > 1:
        test = ttest_rel(*zip(*both, strict=True))
        p = float(test.pvalue)
        low, high = map(float, test.confidence_interval(0.95))
    counts = int((differences < 0).sum()), int((differences > 0).sum())
    return Paired(whole.n, whole.mean, sd, *counts, low, high, p)


def holm(p_values):
    """Holm's step-down correction, in the order given; NaN stands for a test not made.

    >>> holm([0.01, 0.04, float("nan"), 0.03])
    [0.03, 0.06, nan, 0.06]
    """
    made = sorted((p, place) for place, p in enumerate(p_values) if not math.isnan(p))
    corrected, largest = [NAN] * len(p_values), 0.0
    for rank, (p, place) in enumerate(made):
        largest = max(largest, min(1.0, p * (len(made) - rank)))
        corrected[place] = largest
    return corrected
