"""Splits rows into a part in the span of orthonormal ones and a residual, in little memory."""

import numpy as np

CELLS = 2**15  # columns that are multiplied at once


def project_out(rows, components):
    """Subtracts from rows their projection onto the components.

    With rows B and components V^T, C = B V and B becomes B - C V^T. Both twice, since in float32
    the first residual is not orthogonal.

    Args:
        rows: float32 array (rows, cells), overwritten.
        components: float32 array (k, cells), orthonormal rows.

    Returns:
        C, float64 array (rows, k).
    """
    parts = [slice(first, first + CELLS) for first in range(0, rows.shape[1], CELLS)]
    total = np.zeros((len(rows), len(components)))
    subtracted = total.astype("float32")
    for _ in range(2):
        # Each sum over the cells is a short one in float32, and their sum one in float64.
        again = np.zeros(total.shape)
        for part in parts:
            rows[:, part] -= subtracted @ components[:, part]
            # Of a few rows, twice as fast as its transpose in OpenBLAS.
            again += (components[:, part] @ rows[:, part].T).T
        subtracted = again.astype("float32")
        total += subtracted
    for part in parts:
        rows[:, part] -= subtracted @ components[:, part]
    return total
