"""Distances between the distributions of a column in two data sets, both from 0 to 1.

They are those of the drift and skew comparators of TensorFlow Data Validation, and computed of
statistics alone: labels by the L-infinity norm, numbers by the Jensen-Shannon divergence.
"""

import numpy as np

L_INFINITY, JENSEN_SHANNON = "L-infinity", "Jensen-Shannon"


def distance(first, second):
    """The distance between two columns.

    Args:
        first, second: `FeatureNameStatistics` of two data sets, as
            `rnnzoo.pipelines.stages.statistics_gen` writes them.

    Returns:
        (str, float): `L_INFINITY` or `JENSEN_SHANNON`, and the distance. None if they cannot be
        compared: free text, no values, statistics without histograms, or of two kinds.
    """
    if first.WhichOneof("stats") != second.WhichOneof("stats"):
        return None
    if first.HasField("string_stats"):
        shares = [_shares(feature.string_stats) for feature in (first, second)]
        return (L_INFINITY, l_infinity(*shares)) if all(shares) else None
    histograms = [_standard(feature.num_stats) for feature in (first, second)]
    if not all(histogram and _total(histogram) for histogram in histograms):
        return None
    return JENSEN_SHANNON, jensen_shannon(*histograms)


def l_infinity(first, second):
    """Largest difference between the shares of a label, max_i |p_i - q_i|.

    Args:
        first, second: dict from label to its share, a float; one that is missing has none.
    """
    labels = first.keys() | second.keys()
    return max(abs(first.get(label, 0.0) - second.get(label, 0.0)) for label in labels)


def jensen_shannon(first, second):
    """Jensen-Shannon divergence to base 2, (KL(p || m) + KL(q || m)) / 2 with m = (p + q) / 2.

    Both histograms are rebinned on the union of their boundaries; the values of a bucket are
    spread uniformly. Missing values (NaN) are a bucket of their own.

    Two things differ from TensorFlow Data Validation: a bucket without a width, that of a constant
    column, is part of the bucket of the other histogram in which it lies, and missing values of
    both are the same. There 0, 0, 0 and 0, 0, 1 have the distance 1, and a column with missing
    values has a distance from itself.

    Args:
        first, second: `Histogram` of finite boundaries and of one value or more.

    Returns:
        float from 0 to 1.
    """
    p, q = _aligned(first, second)
    middle = (p + q) / 2
    return float(np.clip((_kullback_leibler(p, middle) + _kullback_leibler(q, middle)) / 2, 0, 1))


def _kullback_leibler(p, q):
    positive = p > 0
    return np.sum(p[positive] * np.log2(p[positive] / q[positive]))


def _aligned(*histograms):
    """Probabilities of the same bins: a list of two arrays."""
    wide = [[b for b in h.buckets if b.low_value < b.high_value] for h in histograms]
    edges = np.unique([(b.low_value, b.high_value) for buckets in wide for b in buckets])
    constants = [[b for b in h.buckets if b.low_value == b.high_value] for h in histograms]
    outside = sorted(
        {b.low_value for buckets in constants for b in buckets if _bin(edges, b.low_value) is None}
    )
    inside = max(0, len(edges) - 1)
    aligned = []
    for histogram, buckets, points in zip(histograms, wide, constants, strict=True):
        masses = np.zeros(inside + len(outside) + 1)
        for bucket in buckets:
            start, stop = np.searchsorted(edges, [bucket.low_value, bucket.high_value])
            parts = np.diff(edges[start : stop + 1]) / (bucket.high_value - bucket.low_value)
            masses[start:stop] += bucket.sample_count * parts
        for point in points:
            index = _bin(edges, point.low_value)
            index = inside + outside.index(point.low_value) if index is None else index
            masses[index] += point.sample_count
        masses[-1] = histogram.num_nan
        aligned.append(masses / masses.sum())
    return aligned


def _bin(edges, value):
    """Index of the bin [low, high) of a value, the last one with its high edge; None without."""
    if not len(edges) or not edges[0] <= value <= edges[-1]:
        return None
    return min(int(np.searchsorted(edges, value, "right")) - 1, len(edges) - 2)


def _shares(stats):
    """dict from label to its share of the column, of the labels that are stored."""
    total = stats.common_stats.num_non_missing
    return {bucket.label: bucket.sample_count / total for bucket in stats.rank_histogram.buckets}


def _standard(stats):
    """The equal-width `Histogram` of a column of numbers, None without one."""
    return next((h for h in stats.histograms if h.type == h.STANDARD), None)


def _total(histogram):
    return histogram.num_nan + sum(bucket.sample_count for bucket in histogram.buckets)
