"""Wiener interpolation beside an independent version, and what it must not do."""

import numpy as np
import pytest

from rnnzoo.baselines.spectrogram_linear import linear
from rnnzoo.baselines.spectrogram_regression import predicted, regression
from rnnzoo.baselines.spectrogram_wiener import LONGEST, NOISE, PLACES, wiener

COLUMNS = 400


def music(bins=6, seed=0):
    """Magnitudes that swing slowly, each bin at its own pace."""
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
    expected = true.copy()
    for row in range(lowest, 6):
        rest = [true[row, t] - mean[row, t] for t in range(COLUMNS)]
        known = [t for t in range(COLUMNS) if not mask[row, t]]

        def covariance(lag, rest=rest, known=known):
            pairs = [rest[t] * rest[t + lag] for t in known if t + lag in known]
            return np.mean(pairs) * max(1 - lag / (LONGEST * COLUMNS), 0)

        by_lag = [covariance(lag) for lag in range(COLUMNS)]
        places = [180 - 1 - k for k in PLACES if k < 180] + [200 + k for k in PLACES if k < 200]
        own = np.array([[by_lag[abs(a - b)] for b in places] for a in places])
        own += NOISE * by_lag[0] * np.eye(len(places))
        weights = np.linalg.solve(own, [rest[t] for t in places])
        for t in range(180, 200):
            across = np.array([by_lag[abs(t - place)] for place in places])
            expected[row, t] = mean[row, t] + across @ weights
    np.testing.assert_allclose(wiener(np.where(mask, 9, true), mask), expected, atol=1e-8)


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
    given = np.where(mask, 0, true)
    difference = wiener(given, mask) - regression(given, mask)
    assert np.abs(difference[:, 150]).max() < 0.3
    assert np.sqrt(np.mean(difference[mask] ** 2)) < 0.15


@pytest.mark.parametrize("mask", [gap(0, 40), gap(360, 400), gap(0, 1), gap(10, 12) | gap(13, 15)])
def test_at_the_ends_and_between_gaps_and_never_below_zero(mask):
    true = music() - 1.5
    true = np.maximum(true, 0)
    made = wiener(np.where(mask, np.nan, true), mask)
    assert np.isfinite(made).all() and made.min() >= 0
    np.testing.assert_array_equal(made[~mask], true[~mask])


def test_silence_stays_silent_and_one_bin_may_be_missing_throughout():
    mask = gap(100, 150)
    assert not wiener(np.zeros((6, COLUMNS)), mask).any()
    mask[3] = True
    true = music()
    made = wiener(np.where(mask, 0, true), mask)
    assert np.isfinite(made).all()
