"""Filters that estimate a seasonal cycle from the past of a series alone."""

import numpy as np

YEAR = 365.25  # days
YEARS = (2, 4)  # of the past that cycles are fitted to, the longest that is there
WAVES = 2  # per year, beside the mean


def window(years):
    """int, days of so many years."""
    return int(round(YEAR * years))


LEAST, LENGTH = window(YEARS[0]), window(YEARS[-1])  # days that a cycle needs, and that it reads


def harmonics(days):
    """float64 array (days, 1 + 2 WAVES): 1, cos and sin of the waves of a year.

    Args:
        days: array (days,).
    """
    phase = 2 * np.pi * np.asarray(days, "float64")[:, None] * np.arange(1, WAVES + 1) / YEAR
    return np.concatenate([np.ones((len(phase), 1)), np.cos(phase), np.sin(phase)], axis=1)


def season_filters():
    """Weights of the last days whose sums are the cycle, by least squares.

    Returns:
        float64 array (LENGTH, len(YEARS), 3): row j weighs the value j days ago; for today, for
        tomorrow, and for the mean over the year.
    """
    filters = np.zeros((LENGTH, len(YEARS), 3))
    for i, years in enumerate(YEARS):
        days = window(years)
        fit = np.linalg.pinv(harmonics(-np.arange(days)))  # (coefficients, days)
        targets = harmonics([0, 1]), np.eye(1, len(fit))
        filters[:days, i] = (np.concatenate(targets) @ fit).T
    return filters


def change_filters():
    """float64 array (LENGTH - 1, len(YEARS)): the mean over the changes of the last days."""
    filters = np.zeros((LENGTH - 1, len(YEARS)))
    for i, years in enumerate(YEARS):
        filters[: window(years) - 1, i] = 1 / (window(years) - 1)
    return filters
