"""Autoregressive models of audio: estimation by Burg's method, and extrapolation."""

import numpy as np
from scipy.signal import lfilter, lfiltic

from rnnzoo.blas_threads import one_blas_thread


def burg(pieces, order):
    """Coefficients of an AR model by Burg's method.

        e[n] = sum_k a[k] x[n - k],   a[0] = 1

    In each order the reflection coefficient that minimises the squared errors of the forward and
    the backward prediction, summed over all pieces. The model is stable, and samples are not
    tapered.

    Args:
        pieces: list of float arrays (n,), parts of one audio, each longer than `order`.
        order: int.

    Returns:
        float64 array (order + 1,). Where a lower order predicts without error, the coefficients
        beyond it are 0.
    """
    forward = [np.asarray(piece[1:], "float64") for piece in pieces]
    backward = [np.asarray(piece[:-1], "float64") for piece in pieces]
    a = np.zeros(order + 1)
    a[0] = 1
    with one_blas_thread():
        least = 1e-24 * sum(np.dot(piece, piece) for piece in pieces)
        for m in range(1, order + 1):
            pairs = list(zip(forward, backward, strict=True))
            energy = sum(np.dot(f, f) + np.dot(b, b) for f, b in pairs)
            if energy <= least:
                break
            reflection = -2 * sum(np.dot(f, b) for f, b in pairs) / energy
            a[1 : m + 1] += reflection * a[m - 1 :: -1]
            forward = [(f + reflection * b)[1:] for f, b in pairs]
            backward = [(b + reflection * f)[:-1] for f, b in pairs]
    return a


def extrapolated(samples, count, order):
    """Samples that follow, predicted by an AR model of the samples.

    Args:
        samples: float array (n,).
        count: int, samples to predict.
        order: int; less where there are few samples.

    Returns:
        float64 array (count,).
    """
    order = min(order, len(samples) // 3)
    if order < 1 or not np.any(samples):
        return np.zeros(count)
    a = burg([samples], order)
    state = lfiltic([1.0], a, samples[: -order - 1 : -1])
    return lfilter([1.0], a, np.zeros(count), zi=state)[0]
