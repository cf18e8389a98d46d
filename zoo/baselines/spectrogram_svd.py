"""Iterative SVD: missing cells of a matrix of low rank.

T. Hastie et al., "Imputing missing data for gene expression arrays" (1999), as [TH] chapter 8.
"""

import numpy as np

RANK = 10  # [TH]: above it accuracy does not rise
ITERATIONS = 100
TOLERANCE = 1e-4


def svd(magnitudes, mask, rank=RANK, iterations=ITERATIONS, tolerance=TOLERANCE):
    """Missing cells from iterated approximations of low rank.

        X_missing = mean of the bin's known cells
        X_missing = (U_r U_r' X)_missing, until convergence

    with U_r the first left singular vectors of X.

    Args:
        magnitudes: float array (bins, columns); missing cells are not read.
        mask: bool array (bins, columns), True where a cell is missing.
        rank: int.
        iterations: int, at most.
        tolerance: float, relative change of the missing cells to stop at.

    Returns:
        float64 array (bins, columns), known cells unchanged, none below 0.
    """
    filled = np.where(mask, 0, magnitudes).astype("float64")
    filled += mask * (filled.sum(axis=1) / np.maximum((~mask).sum(axis=1), 1))[:, None]
    some = mask.any(axis=0)
    missing = mask[:, some]
    known = filled[:, ~some] @ filled[:, ~some].T  # X X' without the columns that change
    part = filled[:, some]
    for _ in range(iterations):
        vectors = np.linalg.eigh(known + part @ part.T)[1][:, -rank:]
        updated = np.where(missing, vectors @ (vectors.T @ part), part)
        change = np.linalg.norm(updated - part)
        part = updated
        if change <= tolerance * np.linalg.norm(part[missing]):
            break
    filled[:, some] = np.maximum(part, 0)
    return filled
