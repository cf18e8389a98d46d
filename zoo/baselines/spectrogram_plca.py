"""EM of a mixture of multinomials, PLCA: columns are histograms drawn from Z spectra.

P. Smaragdis, B. Raj, M. Shashanka, "Missing data imputation for time-frequency representations of
audio signals" (2011), as [TH] chapter 8:

    P_t(f) = sum_z P_t(z) P(f | z)

Each EM step multiplies P(f | z) and the weights N_t P_t(z) by sums of S / (N_t P_t(f)), as the
updates of a non-negative factorization S = W H with the divergence of Kullback and Leibler do: they
are the same step. Missing cells are hidden data of the step, as in that paper: it counts them as
N_t P_t(f). Fitting the known cells alone, which is an alternative, leaves spectra that are small
there free to grow without bound elsewhere.
"""

import numpy as np

from rnnzoo.datasets.common.errors import InputError

COMPONENTS = 10  # [TH]: above it accuracy does not rise
ITERATIONS = 100
LEAST = 1e-12


def plca(magnitudes, mask, components=COMPONENTS, iterations=ITERATIONS, seed=0):
    """Missing cells from the known ones of their column and spectra of the intact columns.

    Args:
        magnitudes: float array (bins, columns); missing cells are not read.
        mask: bool array (bins, columns), True where a cell is missing.
        components: int, Z.
        iterations: int, of EM: for the spectra, and for the weights of the other columns.
        seed: int, of the initial spectra.

    Returns:
        float64 array (bins, columns), known cells unchanged.

    Raises:
        InputError: a column has no known cell, or none is intact.
    """
    intact = ~mask.any(axis=0)
    check_applies(mask, intact)
    return _imputed(magnitudes, mask, magnitudes[:, intact], components, iterations, seed)


def plca_oracle(magnitudes, mask, components=COMPONENTS, iterations=ITERATIONS, seed=0):
    """As `plca`, but the spectra are of the complete data, missing cells included.

    It reads the missing cells, so it is only a bound where the truth is known; [TH] reports it.
    """
    check_applies(mask, ~mask.any(axis=0))
    return _imputed(magnitudes, mask, magnitudes, components, iterations, seed)


def check_applies(mask, intact):
    """Raises `InputError` where a column has no known cell, or no column is intact."""
    if mask.all(axis=0).any() or not intact.any():
        raise InputError("plca needs a known cell in every column, and an intact column")


def _imputed(magnitudes, mask, fitted, components, iterations, seed):
    scale = np.abs(fitted).max() or 1
    random = np.random.default_rng(seed)
    spectra = random.uniform(0.5, 1.5, (len(mask), components))
    weights = random.uniform(0.5, 1.5, (components, fitted.shape[1]))
    spectra, weights = _em(fitted / scale, spectra, weights, iterations)
    some = mask.any(axis=0)
    known = ~mask[:, some]
    part = np.where(known, magnitudes[:, some], 0) / scale
    weights = _weights(part, known, spectra, weights.mean(axis=1), iterations)
    filled = np.array(magnitudes, "float64")
    filled[:, some] = np.where(known, magnitudes[:, some], scale * (spectra @ weights))
    return filled


def _em(data, spectra, weights, iterations):
    """(spectra, weights) after some iterations of EM on complete data."""
    spectra = spectra / spectra.sum(axis=0)
    weights = weights * (data.sum(axis=0) / weights.sum(axis=0))
    for _ in range(iterations):
        ratio = data / np.maximum(spectra @ weights, LEAST)
        spectra, weights = spectra * (ratio @ weights.T), weights * (spectra.T @ ratio)
        spectra = spectra / np.maximum(spectra.sum(axis=0), LEAST)
    return spectra, weights


def _weights(data, known, spectra, first, iterations):
    """Weights (components, columns) of columns with missing cells.

    They start as those of the mean column, scaled to the known cells.
    """
    level = known.T @ (spectra @ first)
    weights = first[:, None] * (data.sum(axis=0) / np.maximum(level, LEAST))
    unseen = spectra.T @ ~known
    for _ in range(iterations):
        ratio = data / np.maximum(spectra @ weights, LEAST)
        # In a missing cell the data are the model's own values, and the ratio is 1.
        weights = weights * (spectra.T @ ratio + unseen)
    return weights
