"""Wiener interpolation against an independent version, and its limits."""

import numpy as np
import pytest
from scipy.fft import next_fast_len

from rnnzoo.baselines.spectrogram_linear import linear
from rnnzoo.baselines.spectrogram_regression import predicted, regression
from rnnzoo.baselines.spectrogram_wiener import NOISE, wiener

COLUMNS = 400


def music(bins=6, seed=0):
    """Magnitudes that oscillate slowly, each bin at its own frequency."""
    random, t = np.random.default_rng(seed), np.arange(COLUMNS)
    pace = random.uniform(0.05, 0.2, (bins, 1))
    return (
        2
        + np.sin(pace * t + random.uniform(0, 6, (bins, 1)))
        + 0.05 * random.random((bins, COLUMNS))
    )


def gap(first, end, lowest=0, bins=6):
    mask = np.zeros((bins, COLUMNS), bool)
    mask[lowest:, first:end] = True
    return mask


@pytest.mark.parametrize("lowest", [0, 2])
def test_it_is_the_equation(lowest):
    true, mask = music(), gap(180, 200, lowest)
    mean = predicted(np.where(mask, 0, true), mask)
    expected, lags = true.copy(), COLUMNS // 4
    length = next_fast_len(COLUMNS + lags, real=True)
    for row in range(lowest, 6):
        rest = [true[row, t] - mean[row, t] for t in range(COLUMNS)]
        known = [t for t in range(COLUMNS) if not mask[row, t]]
        by_lag = np.zeros(length)
        for lag in range(lags):
            pairs = [rest[t] * rest[t + lag] for t in known if t + lag in known]
            by_lag[lag] = by_lag[-lag] = np.mean(pairs) * (1 - lag / lags)
        powers = [
            sum(by_lag[k] * np.cos(2 * np.pi * f * k / length) for k in range(length))
            for f in range(length // 2 + 1)
        ]
        positive = np.fft.irfft(np.maximum(powers, 0), length)
        own = np.array([[positive[abs(a - b)] for b in known] for a in known])
        own += NOISE * by_lag[0] * np.eye(len(known))
        weights = np.linalg.solve(own, [rest[t] for t in known])
        for t in range(180, 200):
            across = np.array([positive[abs(t - index)] for index in known])
            expected[row, t] = mean[row, t] + across @ weights
    filled = wiener(np.where(mask, 9, true), mask)
    np.testing.assert_allclose(filled, expected, atol=1e-4)


def test_what_swings_goes_on_swinging():
    true, mask = music(), gap(150, 200)
    errors = [
        np.abs(method(np.where(mask, 0, true), mask) - true)[mask].mean()
        for method in (wiener, linear, regression)
    ]
    assert errors[0] < 0.5 * min(errors[1:])


def test_noise_is_what_the_regression_says():
    true = 1 + np.random.default_rng(0).random((6, COLUMNS))
    mask = gap(100, 200, 2)
    masked = np.where(mask, 0, true)
    difference = wiener(masked, mask) - regression(masked, mask)
    assert np.abs(difference[:, 150]).max() < 0.3
    assert np.sqrt(np.mean(difference[mask] ** 2)) < 0.15


@pytest.mark.parametrize("mask", [gap(0, 40), gap(360, 400), gap(0, 1), gap(10, 12) | gap(13, 15)])
def test_at_the_ends_and_between_gaps_and_never_below_zero(mask):
    true = music() - 1.5
    true = np.maximum(true, 0)
    filled = wiener(np.where(mask, np.nan, true), mask)
    assert np.isfinite(filled).all() and filled.min() >= 0
    np.testing.assert_array_equal(filled[~mask], true[~mask])


def test_silence_stays_silent_and_one_bin_may_be_missing_throughout():
    mask = gap(100, 150)
    assert not wiener(np.zeros((6, COLUMNS)), mask).any()
    mask[3] = True
    true = music()
    filled = wiener(np.where(mask, 0, true), mask)
    assert np.isfinite(filled).all()
