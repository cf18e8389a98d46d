"""The short-time Fourier transform and its inverse, of whole audio at once."""

import numpy as np
from scipy.fft import irfft, rfft

from rnnzoo.datasets.audio.spectrogram_grid import HOP, N_FFT, columns_of


def analyse(samples, n_fft=N_FFT, hop=HOP):
    """The short-time Fourier transform.

        C[f, t] = sum_n w[n] x[(t + 1) hop - n_fft + n] exp(-2 pi i f n / n_fft)

    with w a Hann window and x = 0 outside the audio.

    Args:
        samples: float array (..., n).
        n_fft: int, samples of a window.
        hop: int, samples from a column to the next; n_fft is a multiple of it.

    Returns:
        complex128 array (..., n_fft / 2 + 1, columns); float32 samples give complex64.
    """
    samples = np.asarray(samples)
    length = samples.shape[-1]
    columns = columns_of(length, n_fft, hop)
    before = n_fft - hop
    after = columns * hop - length
    edges = [(0, 0)] * (samples.ndim - 1) + [(before, after)]
    return columns_of_frames(np.pad(samples, edges), n_fft, hop)


def columns_of_frames(samples, n_fft=N_FFT, hop=HOP):
    """The transform of all whole frames of `n_fft` samples, each `hop` after the one before it."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, n_fft, axis=-1)[..., ::hop, :]
    return np.swapaxes(rfft(frames * window(n_fft, samples.dtype), axis=-1), -1, -2)


def synthesise(spectrum, length, n_fft=N_FFT, hop=HOP):
    """The samples whose transform is nearest to `spectrum`: least squares (Griffin and Lim, 1984).

        x[n] = sum_t w[n - s_t] y_t[n - s_t] / sum_t w[n - s_t]^2,   y_t the inverse of column t

    Of the transform of audio it is the audio.

    Args:
        spectrum: complex array (..., bins, columns), as of `analyse`.
        length: int, samples of the audio.
        n_fft, hop: see `analyse`.

    Returns:
        float array (..., length).
    """
    weights = window(n_fft, spectrum.real.dtype)
    pieces = irfft(np.swapaxes(spectrum, -1, -2), n_fft, axis=-1) * weights
    total = _overlapped(pieces, hop) / _overlapped(
        np.broadcast_to(weights**2, (pieces.shape[-2], n_fft)), hop
    )
    before = n_fft - hop
    return total[..., before : before + length]


def window(n_fft, dtype):
    """The window of both transforms: a Hann window, shifted by half a sample.

    So it is nowhere 0, and each sample can be divided by its weight.
    """
    return (np.sin(np.pi * (np.arange(n_fft) + 0.5) / n_fft) ** 2).astype(dtype)


def _overlapped(pieces, hop):
    """Sums pieces (..., columns, n_fft), each `hop` samples after the one before it."""
    *others, columns, n_fft = pieces.shape
    many = n_fft // hop
    blocks = pieces.reshape(*others, columns, many, hop)
    total = np.zeros((*others, columns + many - 1, hop), pieces.dtype)
    for i in range(many):
        total[..., i : i + columns, :] += blocks[..., i, :]
    return total.reshape(*others, -1)
