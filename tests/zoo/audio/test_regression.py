"""Ridge regression of spectrograms, against an independent version by columns."""

import numpy as np
import pytest

from rnnzoo.baselines import spectrogram_regression as ridge
from rnnzoo.baselines.spectrogram_regression import regression


@pytest.fixture
def song():
    """Bins that depend linearly on the first two, in this column and the previous column."""
    random = np.random.default_rng(0)
    left = random.gamma(2, size=(2, 400))
    before = np.pad(left, [(0, 0), (1, 0)])[:, :400]
    rest = random.uniform(0.2, 1, size=(5, 2)) @ left + random.uniform(size=(5, 2)) @ before
    return np.concatenate([left, rest])


@pytest.fixture
def gap():
    mask = np.zeros((7, 400), bool)
    mask[2:, 150:250] = True
    return mask


def test_what_hangs_on_the_column_before_is_found(song, gap):
    damaged = np.where(gap, 99.0, song)  # the values of the gap are ignored
    filled = regression(damaged, gap)
    np.testing.assert_array_equal(filled[~gap], song[~gap])
    assert np.linalg.norm((filled - song)[gap]) < 0.02 * np.linalg.norm(song[gap])
    np.testing.assert_array_equal(regression(np.where(gap, 0, song), gap), filled)


def test_weights_are_those_of_the_equations(song, monkeypatch):
    mask = np.zeros(song.shape, bool)
    mask[2:, 150:250] = True
    noisy = song + np.random.default_rng(1).gamma(1, size=song.shape)
    monkeypatch.setattr(ridge, "AROUND", (1,))
    monkeypatch.setattr(ridge, "RIDGES", (0.01,))
    scale = np.sqrt(np.mean(noisy[~mask] ** 2))
    s = noisy / scale
    rows = np.concatenate([s[:2], np.log1p(s[:2] / 0.1)])
    x = np.concatenate([rows, np.roll(rows, 1, 1), np.roll(rows, -1, 1)])
    x[4:8, 0], x[8:, -1] = rows[:, 0], rows[:, -1]
    intact = ~mask.any(axis=0)
    mean, size = x[:, intact].mean(axis=1), x[:, intact].std(axis=1)
    z, y = (x - mean[:, None]) / size[:, None], s[2:, intact]
    n = intact.sum()
    level = y.mean(axis=1)
    weights = np.linalg.solve(
        z[:, intact] @ z[:, intact].T / n + 0.01 * np.eye(12),
        z[:, intact] @ (y - level[:, None]).T / n,
    )
    expected = np.maximum(weights.T @ z + level[:, None], 0) * scale
    filled = regression(noisy, mask)
    np.testing.assert_allclose(filled[2:, 150:250], expected[:, 150:250], rtol=1e-8)


def test_the_error_of_sums_is_that_of_the_columns_themselves(song):
    x, y = ridge.column_features(song[:2]), song[2:]
    test, train = slice(0, 50), slice(50, 120)
    weights, constant = ridge._Sums.of(x[:, train], y[:, train]).solved(20, 0.1)
    predictions = weights.T @ x[:20, test] + constant[:, None]
    expected = np.sum((predictions - y[:, test]) ** 2)
    sums = ridge._Sums.of(x[:, test], y[:, test])
    assert sums.error(weights, constant) == pytest.approx(expected, rel=1e-9)


def test_nothing_left_in_the_gap_gives_means_of_bins(song, gap):
    gap[:, 150:250] = True
    filled = regression(song, gap)
    expected = np.array([row[~gap[0]].mean() for row in song])
    np.testing.assert_allclose(filled[:, 150:250], np.repeat(expected[:, None], 100, axis=1))
