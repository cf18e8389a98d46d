"""The simplest baseline of imputation: the means of the bins."""

import numpy as np


def bin_means(magnitudes, mask):
    """The mean of the known cells of each bin, 0 where there is none.

    Args:
        magnitudes: float array (bins, columns); missing cells are not read.
        mask: bool array (bins, columns), True where a cell is missing.

    Returns:
        float64 array (bins, 1).
    """
    count = np.maximum((~mask).sum(axis=1, keepdims=True), 1)
    return np.where(mask, 0.0, magnitudes).sum(axis=1, keepdims=True) / count


def means(magnitudes, mask):
    """Missing cells as the mean of their bin; see `rnnzoo.baselines.spectrograms`."""
    return np.where(mask, bin_means(magnitudes, mask), magnitudes)
