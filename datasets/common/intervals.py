"""Intervals of a mask."""

import numpy as np


def true_intervals(mask):
    """Half-open intervals [start, stop) where the mask is True.

    Args:
        mask: bool array (n,).

    Returns:
        list of (start, stop), ascending.

    Example:

    >>> true_intervals([False, True, True, False, True])
    [(1, 3), (4, 5)]
    """
    edges = np.flatnonzero(np.diff(np.asarray(mask).astype(int), prepend=0, append=0))
    return [tuple(pair) for pair in edges.reshape(-1, 2).tolist()]
