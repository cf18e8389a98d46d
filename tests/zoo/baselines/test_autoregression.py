"""AR models of audio, against an independent NumPy version and by hand."""

import numpy as np
import pytest
from scipy.signal import lfilter

from rnnzoo.baselines.autoregression import burg, extrapolated

A = [1, -1.6, 0.9]  # a resonance


def process(count, seed=0):
    return lfilter([1], A, np.random.default_rng(seed).normal(size=count))


def test_the_first_order_by_hand():
    # k = -2 (1*2 + 2*3) / (2^2 + 3^2 + 1^2 + 2^2)
    np.testing.assert_allclose(burg([np.array([1.0, 2, 3])], 1), [1, -16 / 18])


def test_the_model_of_an_ar_process_is_found():
    np.testing.assert_allclose(burg([process(20_000)], 2), A, atol=0.02)
    np.testing.assert_allclose(burg([process(9_000), process(9_000, 1)], 2), A, atol=0.02)
    more = burg([process(20_000)], 6)
    np.testing.assert_allclose(more[3:], 0, atol=0.03)


def test_each_order_has_the_least_error_both_ways_in_its_reflection():
    samples = process(200)
    before = np.append(burg([samples], 2), 0)

    def error(reflection):
        a = before + reflection * before[::-1]
        residuals = [np.convolve(s, a, "valid") for s in (samples, samples[::-1])]
        return sum(np.square(residual).sum() for residual in residuals)

    coefficient = burg([samples], 3)[3]
    assert all(error(coefficient) < error(coefficient + off) for off in (-1e-3, 1e-3))


def test_it_is_stable_and_silence_is_silence():
    assert np.abs(np.roots(burg([process(60)], 20))).max() < 1
    np.testing.assert_array_equal(burg([np.zeros(50)], 3), [1, 0, 0, 0])
    np.testing.assert_array_equal(extrapolated(np.zeros(50), 4, 3), 0)
    np.testing.assert_array_equal(extrapolated(np.ones(2), 4, 3), 0)


def test_tones_go_on():
    n = np.arange(2200)
    tones = np.sin(0.1 * n) + 0.5 * np.cos(0.37 * n + 1)
    np.testing.assert_allclose(extrapolated(tones[:2000], 200, 64), tones[2000:], atol=0.02)


@pytest.mark.parametrize("count", [1, 5])
def test_it_is_the_recursion(count):
    samples, a = process(100), burg([process(100)], 3)
    ahead = list(samples)
    for _ in range(count):
        ahead.append(-a[1] * ahead[-1] - a[2] * ahead[-2] - a[3] * ahead[-3])
    np.testing.assert_allclose(extrapolated(samples, count, 3), ahead[100:])
