"""The least that a method of imputation has to beat: what a bin is like elsewhere."""

import numpy as np


def bin_means(magnitudes, mask):
    """The mean of the known cells of each bin, 0 where there is none.

    Args:
        magnitudes: float array (bins, columns); missing cells do not count.
        mask: bool array alike, True where a cell is missing.

    Returns:
        float64 array (bins, 1).
    """
    count = np.maximum((~mask).sum(axis=1, keepdims=True), 1)
    return np.where(mask, 0.0, magnitudes).sum(axis=1, keepdims=True) / count


def means(magnitudes, mask):
    """Missing cells as the mean of their bin; arguments and result as of the other baselines."""
    return np.where(mask, bin_means(magnitudes, mask), magnitudes)
