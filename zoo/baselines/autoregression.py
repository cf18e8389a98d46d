"""Autoregressive models of audio: estimated, and used to go on from where it ends."""

import numpy as np
from scipy.signal import lfilter, lfiltic


def burg(pieces, order):
    """Coefficients of an AR model by Burg's method.

        e[n] = sum_k a[k] x[n - k],   a[0] = 1

    In each order the reflection coefficient that makes the squared errors of the forward and the
    backward prediction smallest, summed over all pieces. The model is stable, and samples are not
    tapered.

    Args:
        pieces: list of float arrays (n,), parts of one audio, each longer than `order`.
        order: int.

    Returns:
        float64 array (order + 1,). Of audio that a lower order predicts without error, the rest
        are 0.
    """
    forward = [np.asarray(piece[1:], "float64") for piece in pieces]
    backward = [np.asarray(piece[:-1], "float64") for piece in pieces]
    a = np.zeros(order + 1)
    a[0] = 1
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
    """What comes after samples by an AR model of them.

    Args:
        samples: float array (n,).
        count: int, samples to go on.
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
