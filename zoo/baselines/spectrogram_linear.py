"""Linear interpolation: missing cells from the known ones of their bin before and after."""

import numpy as np


def linear(magnitudes, mask):
    """Missing cells on the straight line in time between the bin's known neighbours.

    Args:
        magnitudes: float array (bins, columns); missing cells are not read.
        mask: bool array (bins, columns), True where a cell is missing.

    Returns:
        float64 array (bins, columns), known cells unchanged; before the first and after the last
        known cell equal to it, 0 in a bin without any.
    """
    filled = np.where(mask, 0, magnitudes).astype("float64")
    time = np.arange(mask.shape[1])
    for row, missing in zip(filled, mask, strict=True):
        if missing.any() and not missing.all():
            row[missing] = np.interp(time[missing], time[~missing], row[~missing])
    return filled
