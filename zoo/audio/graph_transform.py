"""The short-time Fourier transform and its inverse in a TensorFlow graph.

As `rnnzoo.audio.spectrogram`, in float32 and with the axes (batch, columns, bins).
"""

import tensorflow as tf

from rnnzoo.audio.spectrogram import window
from rnnzoo.datasets.audio.spectrogram_grid import HOP, N_FFT

BEFORE = N_FFT - HOP
WINDOW = window(N_FFT, "float32")
# The sum of the squares of N_FFT / HOP overlapping windows, at each sample of a hop.
SQUARES = (WINDOW**2).reshape(-1, HOP).sum(axis=0)


def transformed(samples):
    """Samples (batch, n) -> complex64 (batch, columns, bins)."""
    after = BEFORE + (-tf.shape(samples)[1]) % HOP
    padded = tf.pad(samples, [[0, 0], [BEFORE, after]])
    return tf.signal.rfft(tf.signal.frame(padded, N_FFT, HOP) * WINDOW)


def inverse(spectrum, length):
    """Samples (batch, length) whose transform is nearest to a spectrum, by least squares."""
    pieces = tf.signal.irfft(spectrum) * WINDOW
    return overlapped(pieces)[:, BEFORE : BEFORE + length]


def overlapped(pieces):
    """Overlap-add: pieces (batch, columns, N_FFT) -> samples, divided by `SQUARES`.

    Samples of fewer than N_FFT / HOP pieces, at both ends, come out too small.
    """
    summed = tf.signal.overlap_and_add(pieces, HOP)
    weights = tf.tile(tf.constant(1 / SQUARES), [tf.shape(summed)[1] // HOP])
    return summed * weights
