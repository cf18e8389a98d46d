"""EM of a mixture of multinomials, PLCA: columns are histograms drawn from Z spectra.

P. Smaragdis, B. Raj, M. Shashanka, "Missing data imputation for time-frequency representations of
audio signals" (2011), as [TH] chapter 8:

    P_t(f) = sum_z P_t(z) P(f | z)

Each EM step multiplies P(f | z) and the weights N_t P_t(z) by sums of S / (N_t P_t(f)), as the
updates of a non-negative factorization S = W H with the divergence of Kullback and Leibler do: they
are the same step.
"""

import numpy as np

from rnnzoo.datasets.errors import InputError

COMPONENTS = 10  # [TH]: above it accuracy does not rise
ITERATIONS = 100
LEAST = 1e-12


def plca(magnitudes, mask, components=COMPONENTS, iterations=ITERATIONS, seed=0):
    """Missing cells from the known ones of their column and spectra of the intact columns.

    Args:
        magnitudes: float array (bins, columns); missing cells do not count.
        mask: bool array alike, True where a cell is missing.
        components: int, Z.
        iterations: int, of EM: for the spectra, and for the weights of the other columns.
        seed: int, of the spectra that it begins with.

    Returns:
        float64 array (bins, columns), known cells as given.

    Raises:
        InputError: a column has no known cell, or none is intact.
    """
    intact = ~mask.any(axis=0)
    check_applies(mask, intact)
    return _imputed(magnitudes, mask, magnitudes[:, intact], components, iterations, seed)


def plca_oracle(magnitudes, mask, components=COMPONENTS, iterations=ITERATIONS, seed=0):
    """As `plca`, but the spectra are of the complete data, missing cells included.

    It knows what it is asked for, so it can only be run where the truth is known; [TH] does so.
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
    spectra, _ = _em(fitted / scale, None, spectra, weights, iterations, learn=True)
    some = mask.any(axis=0)
    known, part = ~mask[:, some], magnitudes[:, some] / scale
    weights = np.full((components, part.shape[1]), 1.0)
    # Of the known cells alone: others neither count in the data nor in the sum of a spectrum.
    _, weights = _em(part, known, spectra, weights, iterations, learn=False)
    filled = np.array(magnitudes, "float64")
    filled[:, some] = np.where(known, magnitudes[:, some], scale * (spectra @ weights))
    return filled


def _em(data, known, spectra, weights, iterations, learn):
    """Returns (spectra, weights) after the iterations; spectra are as given unless `learn`."""
    data = np.where(known, data, 0) if known is not None else np.asarray(data)
    weights = weights * (data.sum(axis=0) / np.maximum(weights.sum(axis=0), LEAST))
    for _ in range(iterations):
        ratio = data / np.maximum(spectra @ weights, LEAST)
        total = spectra.sum(axis=0)[:, None] if known is None else spectra.T @ known
        new = weights * (spectra.T @ ratio) / np.maximum(total, LEAST)
        if learn:
            spectra = spectra * (ratio @ weights.T)
            spectra = spectra / np.maximum(spectra.sum(axis=0), LEAST)
        weights = new
    return spectra, weights
