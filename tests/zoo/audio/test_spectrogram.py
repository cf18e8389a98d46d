"""The transform and its inverse, against scipy's and by its equation."""

import numpy as np
import pytest
from scipy.signal import ShortTimeFFT

from rnnzoo.audio.spectrogram import analyse, synthesise
from rnnzoo.datasets.audio.spectrogram_grid import columns_of


def noise(*shape):
    return np.random.default_rng(0).normal(size=shape)


def test_it_is_its_equation():
    samples, n = noise(30), np.arange(8)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * (n + 0.5) / 8)
    spectrum = analyse(samples, 8, 2)
    assert spectrum.shape == (5, columns_of(30, 8, 2))
    for t in (0, 4, spectrum.shape[1] - 1):
        seen = [samples[i] if 0 <= i < 30 else 0 for i in (t + 1) * 2 - 8 + n]
        for f in range(5):
            expected = np.sum(window * seen * np.exp(-2j * np.pi * f * n / 8))
            np.testing.assert_allclose(spectrum[f, t], expected, atol=1e-12)


def test_it_is_that_of_scipy():
    samples = noise(2, 5000)
    window = np.sin(np.pi * (np.arange(256) + 0.5) / 256) ** 2
    theirs = ShortTimeFFT(window, hop=64, fs=1, phase_shift=None)
    ours = analyse(samples)
    # Their column p is centred at 64 p, ours at 64 (t + 1) - 128.
    np.testing.assert_allclose(theirs.stft(samples, p0=-1, p1=ours.shape[2] - 1), ours, atol=1e-9)


@pytest.mark.parametrize(("n_fft", "hop"), [(256, 64), (256, 128), (256, 32), (16, 4)])
@pytest.mark.parametrize("length", [1, 64, 1000])
def test_there_and_back(n_fft, hop, length):
    samples = noise(2, length)
    back = synthesise(analyse(samples, n_fft, hop), length, n_fft, hop)
    np.testing.assert_allclose(back, samples, atol=1e-12)


def test_the_inverse_is_the_least_squares_one():
    length, n_fft, hop = 24, 8, 2
    spectrum = analyse(noise(length), n_fft, hop)
    spectrum += 0.3 * analyse(noise(length)[::-1] ** 2, n_fft, hop)[::-1]
    inverse = synthesise(spectrum, length, n_fft, hop)
    weights = np.array([1, 2, 2, 2, 1])[:, None]  # a bin of the full transform occurs twice

    def error(samples):
        return np.sum(weights * np.abs(analyse(samples, n_fft, hop) - spectrum) ** 2)

    for off in 1e-3 * np.eye(length):
        assert error(inverse) < min(error(inverse + off), error(inverse - off))


def test_single_precision_stays_so():
    samples = noise(1000).astype("float32")
    assert analyse(samples).dtype == np.complex64
    assert synthesise(analyse(samples), 1000).dtype == np.float32
