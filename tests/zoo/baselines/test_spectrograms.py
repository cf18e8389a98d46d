"""Baselines of imputation: by hand, against independent versions, and blind to the gap."""

import numpy as np
import pytest

from rnnzoo.baselines.spectrogram_knn import knn
from rnnzoo.baselines.spectrogram_linear import linear
from rnnzoo.baselines.spectrogram_plca import _em, _weights, plca, plca_oracle
from rnnzoo.baselines.spectrogram_svd import svd
from rnnzoo.baselines.spectrograms import BASELINES
from rnnzoo.datasets.common.errors import InputError


def low_rank(bins=30, columns=80, rank=3, seed=0):
    random = np.random.default_rng(seed)
    return random.uniform(size=(bins, rank)) @ random.gamma(0.5, size=(rank, columns))


def gap(magnitudes, available=6, first=30, end=45):
    mask = np.zeros(magnitudes.shape, bool)
    mask[available:, first:end] = True
    return mask


@pytest.mark.parametrize("name", BASELINES)
@pytest.mark.parametrize("available", [0, 6])
def test_what_is_missing_is_not_seen_and_what_is_known_stays(name, available):
    true = low_rank()
    mask = gap(true, available)
    if (name, available) == ("plca", 0):
        pytest.skip("does not apply, see below")
    filled = BASELINES[name](np.where(mask, np.nan, true), mask)
    other = BASELINES[name](np.where(mask, 1e3, true), mask)
    np.testing.assert_array_equal(filled, other)
    np.testing.assert_allclose(filled[~mask], true[~mask], rtol=1e-12)
    assert np.isfinite(filled).all() and (filled >= 0).all()


@pytest.mark.parametrize("impute", [svd, plca])
def test_a_matrix_of_low_rank_is_completed(impute):
    true = low_rank()
    mask = gap(true)
    more = {"rank": 3} if impute is svd else {"components": 3}
    completed = impute(true, mask, iterations=2000, **more)
    line = linear(true, mask)
    error, other = (
        np.linalg.norm(estimate - true) / np.linalg.norm(true[mask])
        for estimate in (completed, line)
    )
    assert error < (0.01 if impute is svd else 0.05)
    assert other > 0.3


def test_svd_is_the_projection_again_and_again():
    true = low_rank()
    mask = gap(true, 4)
    filled = np.where(mask, 0, true)
    filled = np.where(mask, (filled.sum(1) / (~mask).sum(1))[:, None], true)
    for _ in range(3):
        u, s, v = np.linalg.svd(filled, full_matrices=False)
        filled = np.where(mask, (u[:, :2] * s[:2]) @ v[:2], true)
    completed = svd(true, mask, rank=2, iterations=3, tolerance=0)
    np.testing.assert_allclose(completed, np.maximum(filled, 0), atol=1e-10)


def test_svd_of_a_complete_gap_is_the_projected_mean():
    true = low_rank()
    mask = gap(true, 0)
    filled = svd(true, mask, rank=3)
    assert np.ptp(filled[:, 30:45], axis=1).max() < 1e-12
    np.testing.assert_allclose(filled[:, 30], true[:, ~mask[0]].mean(axis=1), rtol=1e-9)


def test_one_em_step_by_its_definition():
    random = np.random.default_rng(0)
    data, spectra, weights = (random.uniform(size=s) for s in ((5, 4), (5, 2), (2, 4)))
    spectra /= spectra.sum(axis=0)
    scaled = weights * data.sum(axis=0) / weights.sum(axis=0)
    counts = np.zeros((5, 2, 4))
    for f in range(5):
        for t in range(4):
            posterior = spectra[f] * scaled[:, t] / (spectra[f] @ scaled[:, t])
            counts[f, :, t] = data[f, t] * posterior
    new_spectra = counts.sum(axis=2) / counts.sum(axis=(0, 2))
    updated = _em(data, spectra, weights, 1)
    np.testing.assert_allclose(updated[0], new_spectra)
    np.testing.assert_allclose(updated[1], counts.sum(axis=0))


def test_one_step_with_missing_cells_by_its_definition():
    random = np.random.default_rng(0)
    data, spectra, first = random.uniform(size=(5, 3)), random.uniform(size=(5, 2)), np.ones(2)
    spectra /= spectra.sum(axis=0)
    known = np.arange(5)[:, None] < [[2, 3, 5]]
    weights = np.stack([data[k, t].sum() / (spectra @ first)[k].sum() * first
                        for t, k in enumerate(known.T)], axis=1)  # fmt: skip
    completed = np.where(known, data, spectra @ weights)
    posterior = spectra[:, :, None] * weights / (spectra @ weights)[:, None]
    expected = (completed[:, None] * posterior).sum(axis=0)
    updated = _weights(np.where(known, data, 0), known, spectra, first, 1)
    np.testing.assert_allclose(updated, expected)


def test_a_spectrum_with_nothing_in_the_known_bins_does_not_grow():
    true = np.zeros((6, 30))
    true[:2], true[4:, ::2] = 1, 1e-3
    true[0] += 1e-3 * np.random.default_rng(0).uniform(size=30)
    assert plca(true, gap(true, 2, 10, 15), 2).max() < 1.1


def test_em_never_raises_the_divergence():
    true = low_rank()
    random = np.random.default_rng(0)
    spectra, weights = random.uniform(size=(30, 4)), random.uniform(size=(4, 80))
    spectra /= spectra.sum(axis=0)

    def divergence(steps):
        new_spectra, new_weights = _em(true, spectra, weights, steps)
        model = new_spectra @ new_weights
        return np.sum(true * np.log(true / model) - true + model)

    values = [divergence(steps) for steps in range(1, 20)]
    assert (np.diff(values) <= 1e-9).all()


def test_plca_needs_a_known_cell_in_every_column():
    true = low_rank()
    for impute in (plca, plca_oracle):
        with pytest.raises(InputError, match="plca needs a known cell in every column"):
            impute(true, gap(true, 0))
    with pytest.raises(InputError, match="an intact column"):
        plca(true, np.arange(30)[:, None] + np.zeros((1, 80)) > 4)


def test_the_oracle_sees_what_is_missing_and_gains_by_it():
    true = low_rank(rank=3)
    true[20, 30:45] += 5  # only in the gap
    mask = gap(true)
    seen, unseen = plca_oracle(true, mask, 4), plca(true, mask, 4)
    assert np.abs(seen - true)[20, 30:45].mean() < np.abs(unseen - true)[20, 30:45].mean()


def test_knn_by_hand():
    true = np.array([[0.0, 1, 9, 1.2, 7], [5, 6, 7, 99, 8]])
    mask = np.zeros((2, 5), bool)
    mask[1, 3] = True
    np.testing.assert_allclose(knn(true, mask, 2)[1, 3], (6 + 5) / 2)
    np.testing.assert_allclose(knn(true, mask, 1)[1, 3], 6)
    mask[0, 3] = True  # nothing is known: the nearest in time
    np.testing.assert_allclose(knn(true, mask, 2)[:, 3], [8, 7.5])
    np.testing.assert_array_equal(knn(true, np.ones((2, 5), bool)), 0)


def test_linear_by_hand():
    true = np.array([[1.0, 99, 99, 4, 5], [99, 99, 3, 99, 99], [9, 9, 9, 9, 9]])
    mask = np.array([[0, 1, 1, 0, 0], [1, 1, 0, 1, 1], [1, 1, 1, 1, 1]], bool)
    np.testing.assert_allclose(linear(true, mask), [[1, 2, 3, 4, 5], [3] * 5, [0] * 5])
