import numpy as np
import pytest
from keras import ops

from rnnzoo.layers.spectrogram.bin_means import BinMeans
from rnnzoo.layers.spectrogram.bin_regression import BANDS, KNEE, RIDGE, BinRegression

pytestmark = pytest.mark.portable


def spectrogram(missing_from):
    """Bins that hang together; in columns 20 to 40 those from `missing_from` on are missing."""
    random = np.random.default_rng(0)
    sources = random.gamma(2.0, size=(1, 80, 2))
    x = (sources @ random.uniform(0, 1, (2, 6)) + 0.01 * random.random((1, 80, 6))).astype(
        "float32"
    )
    cells = x.copy()
    cells[:, 20:40, missing_from:] = -1
    return x, cells


def predicted(cells):
    return ops.convert_to_numpy(BinRegression()(cells, BinMeans()(cells)))


def test_it_is_the_equation():
    _, cells = spectrogram(2)
    intact = np.r_[0:20, 40:80]
    known = cells[0].astype("float64")
    means = np.where(known >= 0, known, 0).sum(axis=0) / (known >= 0).sum(axis=0)
    ratios = np.maximum(known, 0) / means
    both = np.concatenate([ratios, np.log1p(ratios / KNEE)], axis=1)[:, [0, 1, 6, 7]]

    def standardized(value):
        return (value - value[intact].mean(axis=0)) / value[intact].std(axis=0)

    own = standardized(both)

    def around(nearest, farthest):
        away = [u for k in range(nearest, farthest + 1) for u in (-k, k)]
        there = [own[t + u] if 0 <= t + u < 80 else 0 * own[t] for t in range(80) for u in away]
        return np.reshape(there, (80, len(away), 4)).mean(axis=1)

    z = np.concatenate([own, *(standardized(around(*band)) for band in BANDS)], axis=1)
    square = z[intact].T @ z[intact] / 60 + RIDGE * np.eye(16)
    weights = np.linalg.solve(square, z[intact].T @ (known - means)[intact] / 60)
    np.testing.assert_allclose(predicted(cells)[0], means + z @ weights, atol=1e-4)


def test_it_knows_missing_cells_from_those_that_are_left():
    x, cells = spectrogram(2)
    missing = cells < 0
    error = np.abs(predicted(cells) - x)[missing].mean()
    by_mean = np.abs(ops.convert_to_numpy(BinMeans()(cells)) - x)[missing].mean()
    assert error < by_mean / 3


@pytest.mark.parametrize("cells", [spectrogram(0)[1], np.where(np.eye(6) > 0, -1, 1.0)[None]])
def test_without_a_bin_that_is_left_or_an_intact_column_it_is_the_mean(cells):
    cells = cells.astype("float32")
    means = ops.convert_to_numpy(BinMeans()(cells))
    np.testing.assert_allclose(predicted(cells), np.broadcast_to(means, cells.shape), atol=1e-6)
