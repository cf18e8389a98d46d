"""Wiener interpolation: from both sides in time, and from what is left of a column."""

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft

from rnnzoo.baselines.spectrogram_regression import predicted
from rnnzoo.datasets.runs import runs

# Columns from a gap, on each of its sides, that are looked at: near ones all, of others some, as
# far as a beat comes again.
PLACES = (*range(16), *range(16, 512, 16))
# Lags that a covariance is estimated up to, as a part of the audio; longer ones are chance.
LONGEST = 1 / 4
NOISE = 1e-3  # of the variance, added to it


def wiener(magnitudes, mask):
    """Missing cells from the regression on their column, and from how far it errs on both sides.

        S^(t) = m(t) + c(t)' C^-1 (S - m)(places)

    with m of `spectrogram_regression`, the mean of a bin where no bin is known throughout, and, of
    each bin by itself, C the covariances of S - m between columns near both ends of a gap and c(t)
    those with column t, as estimated from the known cells: the best linear interpolation (Wiener,
    1949; in geostatistics simple kriging). Deep in a long gap it is m.

    Args:
        magnitudes: float array (bins, columns); missing cells do not count.
        mask: bool array alike, True where a cell is missing.

    Returns:
        float64 array (bins, columns), known cells as given, none below 0.
    """
    mean = predicted(magnitudes, mask)
    rest = np.where(mask, 0, magnitudes - mean)
    covariance = _covariances(rest, mask)
    found = np.where(mask, mean, magnitudes)
    for row in np.flatnonzero(mask.any(axis=1)):
        for first, end in runs(mask[row]):
            places = _places(first, end, mask[row])
            inside = np.arange(first, end)
            if len(places) and covariance[row, 0]:
                own, across = (
                    covariance[row][abs(one[:, None] - places)] for one in (places, inside)
                )
                own = own + NOISE * covariance[row, 0] * np.eye(len(places))
                found[row, inside] += across @ np.linalg.solve(own, rest[row, places])
    return np.maximum(found, 0)


def _covariances(rest, mask):
    """Of each bin, by lag (bins, columns): means over pairs of known cells, tapered to 0."""
    columns = rest.shape[1]
    length = next_fast_len(2 * columns, real=True)

    def summed(values):
        return irfft(abs(rfft(values, length, axis=1)) ** 2, length, axis=1)[:, :columns]

    pairs = np.maximum(summed((~mask).astype("float64")), 1)
    taper = np.maximum(1 - np.arange(columns) / max(LONGEST * columns, 1), 0)
    return summed(rest) / pairs * taper


def _places(first, end, missing):
    """Known columns near both ends of a gap."""
    near = np.concatenate([first - 1 - np.array(PLACES), end + np.array(PLACES)])
    near = near[(near >= 0) & (near < len(missing))]
    return near[~missing[near]]
