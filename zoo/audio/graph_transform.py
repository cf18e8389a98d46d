"""The short-time Fourier transform and its inverse in a TensorFlow graph.

As `rnnzoo.audio.spectrogram`, with columns before bins and in float32.
"""

import tensorflow as tf

from rnnzoo.audio.spectrogram import window
from rnnzoo.datasets.audio.spectrogram_grid import HOP, N_FFT

BEFORE = N_FFT - HOP
WINDOW = window(N_FFT, "float32")
# Of N_FFT / HOP windows that overlap, the sum of the squares where all of them are.
SQUARES = (WINDOW**2).reshape(-1, HOP).sum(axis=0)


def transformed(samples):
    """Samples (batch, n) -> complex64 (batch, columns, bins)."""
    after = BEFORE + (-tf.shape(samples)[1]) % HOP
    padded = tf.pad(samples, [[0, 0], [BEFORE, after]])
    return tf.signal.rfft(tf.signal.frame(padded, N_FFT, HOP) * WINDOW)


def inverse(spectrum, length):
    """The samples (batch, length) whose transform is nearest to a spectrum."""
    pieces = tf.signal.irfft(spectrum) * WINDOW
    return overlapped(pieces)[:, BEFORE : BEFORE + length]


def overlapped(pieces):
    """Sums pieces (batch, columns, N_FFT), each a hop after the one before it, and divides.

    Samples that fewer pieces see than N_FFT / HOP are too small.
    """
    summed = tf.signal.overlap_and_add(pieces, HOP)
    weights = tf.tile(tf.constant(1 / SQUARES), [tf.shape(summed)[1] // HOP])
    return summed * weights
