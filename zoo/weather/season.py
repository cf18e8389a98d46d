"""Filters that estimate a seasonal cycle from the past of a series alone."""

import numpy as np
from keras import ops

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


def season_coefficients():
    """The combinations of `harmonics` that are the filters of seasons.

    Returns:
        float64 array (len(YEARS), 1 + 2 WAVES, 3): with the harmonics of j days ago, the weight of
        that day in the least-squares fit's value today and tomorrow, and in its mean.
    """
    rows = []
    for years in YEARS:
        waves = harmonics(-np.arange(window(years)))
        targets = np.concatenate([harmonics([0, 1]), np.eye(1, waves.shape[1])])
        rows.append(np.linalg.solve(waves.T @ waves, targets.T))
    return np.stack(rows)


def season_filters():
    """Weights of the last days whose sums are the season.

    They are computed, not stored: an exported graph has them in many places.

    Returns:
        float32 tensor (LENGTH, 1, 3 len(YEARS)), from the oldest to the newest day; for each of
        `YEARS` for today, for tomorrow, and for the mean over the year.
    """
    ago = ops.arange(LENGTH - 1, -1, -1, dtype="float32")[:, None]
    phase = ago * (2 * np.pi * np.arange(1, WAVES + 1) / YEAR).astype("float32")
    waves = ops.concatenate([ops.ones_like(ago), ops.cos(phase), -ops.sin(phase)], axis=1)
    filters = [
        ops.matmul(waves, coefficients) * ops.cast(ago < window(years), "float32")
        for years, coefficients in zip(YEARS, season_coefficients().astype("float32"), strict=True)
    ]
    return ops.expand_dims(ops.concatenate(filters, axis=1), 1)


def change_filters():
    """float32 tensor (LENGTH - 1, 1, len(YEARS)): the mean over the changes of the last days."""
    ago = ops.arange(LENGTH - 2, -1, -1, dtype="float32")[:, None]
    filters = [
        ops.cast(ago < window(years) - 1, "float32") / (window(years) - 1) for years in YEARS
    ]
    return ops.expand_dims(ops.concatenate(filters, axis=1), 1)
