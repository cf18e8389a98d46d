"""Wiener interpolation: from the known cells of a bin, and from those of a column."""

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft

from rnnzoo.baselines.spectrogram_regression import predicted

# Lags that a covariance is estimated up to: a quarter of the columns, as longer ones are chance,
# and at most so many, as with more of them conjugate gradients take too many steps.
PARTS, LAGS = 4, 8192
NOISE = 1e-2  # of the variance, added to it
# Conjugate gradients: the most steps, and the relative squared residual of a row to stop at.
STEPS, LEFT = 96, 1e-10
BLOCK = 2**22  # numbers per call: bounds memory


def wiener(magnitudes, mask):
    """Missing cells from the regression on their column, and its errors in other columns.

        S^ = m + C K (K C K)^-1 K (S - m)

    with m of `spectrogram_regression`, the mean of a bin where no bin is known throughout, K = 1
    where a cell is known, else 0, and, for each bin separately, C the covariances of S - m between
    columns: the best linear interpolation (Wiener, 1949; in geostatistics simple kriging). C is
    estimated from the known cells, by lag, and tapered to 0; what is then below 0 of its spectrum
    is not counted. Deep in a long gap S^ is m.

    Args:
        magnitudes: float array (bins, columns); missing cells are not read.
        mask: bool array (bins, columns), True where a cell is missing.

    Returns:
        float64 array (bins, columns), known cells unchanged, none below 0.
    """
    mean = predicted(magnitudes, mask)
    filled = np.where(mask, mean, magnitudes)
    rows = np.flatnonzero(mask.any(axis=1))
    for some in np.array_split(rows, max(len(rows) * mask.shape[1] // BLOCK, 1)):
        rest = np.where(mask[some], 0, magnitudes[some] - mean[some])
        filled[some] += np.where(mask[some], _interpolated(rest, ~mask[some]), 0)
    return np.maximum(filled, 0)


def _interpolated(rest, known):
    """C K (K C K)^-1 K of rows, 0 where they are not known."""
    columns = rest.shape[1]
    lags = min(-(-columns // PARTS), LAGS)
    # Long enough that circular convolution does not wrap from the end to the beginning.
    length = next_fast_len(columns + lags, real=True)

    def filtered(values, spectrum):
        return irfft(rfft(values, length, axis=1) * spectrum, length, axis=1)[:, :columns]

    spectrum = _spectrum(rest, known, lags, length)
    weights, left = np.zeros_like(rest), rest
    direction = known * filtered(left, 1 / spectrum)
    size = first = _dot(left, direction)
    for _ in range(STEPS):
        if np.all(size <= LEFT * first):
            break
        across = known * filtered(direction, spectrum)
        share = size / np.maximum(_dot(direction, across), 1e-300)
        weights, left = weights + share * direction, left - share * across
        better = known * filtered(left, 1 / spectrum)
        now = _dot(left, better)
        direction, size = better + now / np.maximum(size, 1e-300) * direction, now
    return filtered(weights, spectrum)


def _spectrum(rest, known, lags, length):
    """Of C by row (rows, frequencies), of a variance of 1: a circulant of `length` columns."""
    lag = np.minimum(np.arange(length), length - np.arange(length))
    taper = np.maximum(1 - lag / lags, 0)
    covariance = taper * _powers(rest, length) / np.maximum(_powers(known, length), 1)
    variance = covariance[:, :1]
    covariance = covariance / np.where(variance > 0, variance, 1)
    return np.maximum(rfft(covariance, axis=1).real, 0) + NOISE


def _powers(values, length):
    """Autocorrelation: sums of products of values, per lag."""
    return irfft(abs(rfft(values.astype("float64"), length, axis=1)) ** 2, length, axis=1)


def _dot(a, b):
    return np.sum(a * b, axis=1, keepdims=True)
