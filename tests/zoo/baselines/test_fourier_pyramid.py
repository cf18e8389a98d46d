"""The Fourier pyramid by hand, and what it is invariant to."""

import numpy as np

from rnnzoo.baselines.fourier_pyramid import fourier_pyramid


def test_by_hand():
    values = np.array([[1.0], [0.0], [-1.0], [0.0]])  # a cosine of one period
    whole, halves = fourier_pyramid(values, levels=1, low=0.5), fourier_pyramid(values, 2, 0.5)
    np.testing.assert_allclose(whole, [0, 2], atol=1e-12)
    np.testing.assert_allclose(halves, [0, 2, 1, 1], atol=1e-12)  # of each half the sum


def test_shifts_in_time_change_only_the_parts():
    values = np.random.default_rng(0).normal(size=(32, 3))
    pyramid, shifted = (fourier_pyramid(np.roll(values, s, axis=0)) for s in (0, 5))
    assert pyramid.shape == ((8 + 2 * 4 + 4 * 2) * 3,)
    np.testing.assert_allclose(shifted[:24], pyramid[:24])
    assert np.abs(shifted[24:] - pyramid[24:]).max() > 0.1
