"""Moments, histogram and quantiles of a column of numbers, in memory that does not grow with it.

Bytes of pictures become float64 a piece at a time. Histogram and quantiles are of finite values.
"""

import math

import numpy as np

PIECE = 2**20  # numbers of which a copy is made at a time
BUCKETS = 10  # of a histogram, as TensorFlow Data Validation has them by default


def moments(values):
    """(mean, standard deviation), both float.

    Args:
        values: array (n,) of n >= 1 numbers.
    """
    mean = sum(float(np.sum(piece, dtype="float64")) for piece in _pieces(values)) / len(values)
    squares = sum(float(np.sum((piece.astype("float64") - mean) ** 2)) for piece in _pieces(values))
    return mean, math.sqrt(squares / len(values))


def histogram(values):
    """Equal-width histogram from the least to the greatest finite value.

    A bucket has its low edge and not its high one, except for the last bucket, as of
    `numpy.histogram`. A constant column has one bucket without a width.

    Args:
        values: array (n,) of numbers.

    Returns:
        (float64 edges (buckets + 1,), int64 counts (buckets,)); both empty if no value is finite or
        the range is not.
    """
    ranges = [(float(piece.min()), float(piece.max())) for piece in _finite(values) if len(piece)]
    if not ranges:
        return np.empty(0), np.empty(0, "int64")
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    if not math.isfinite(high - low):
        return np.empty(0), np.empty(0, "int64")
    edges = np.linspace(low, high, BUCKETS + 1)
    if not np.all(np.diff(edges) > 0):  # one value, or some that are next to each other
        return np.array([low, high]), np.array([sum(len(piece) for piece in _finite(values))])
    parts = (np.histogram(piece, BUCKETS, (low, high))[0] for piece in _finite(values))
    return edges, sum(parts, np.zeros(BUCKETS, "int64"))


def quantiles(values, shares):
    """Quantiles, as of `numpy.quantile`; of a sample of `PIECE` values where there are more.

    The sample is spread over the whole column and always the same; its indices are multiples of
    the golden ratio, so that it does not fall on the same column of every picture.

    Args:
        values: array (n,) of numbers.
        shares: list of float from 0 to 1.

    Returns:
        float64 array (shares,); empty if no value is finite.
    """
    if len(values) > PIECE:
        golden = (math.sqrt(5) - 1) / 2
        values = values[(np.arange(PIECE) * golden % 1 * len(values)).astype("int64")]
    finite = np.concatenate(list(_finite(values))) if len(values) else values
    return np.quantile(finite, shares) if len(finite) else np.empty(0)


def count(values, predicate):
    """int, for how many values a predicate on arrays, such as `numpy.isnan`, is True."""
    return sum(int(np.count_nonzero(predicate(piece))) for piece in _pieces(values))


def _pieces(values):
    return (values[i : i + PIECE] for i in range(0, len(values), PIECE))


def _finite(values):
    for piece in _pieces(values):
        numbers = piece.astype("float64")
        yield numbers[np.isfinite(numbers)]
