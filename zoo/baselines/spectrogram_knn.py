"""Nearest neighbours: missing cells from the intact columns that are most alike."""

import numpy as np
from scipy.spatial import KDTree

NEIGHBOURS = 5


def knn(magnitudes, mask, neighbours=NEIGHBOURS):
    """Missing cells as the mean of those of the nearest intact columns.

    Near is the Euclidean distance in the cells that are known; of a column without any, the
    distance in time.

    Args:
        magnitudes: float array (bins, columns); missing cells do not count.
        mask: bool array alike, True where a cell is missing.
        neighbours: int; fewer where there are fewer intact columns.

    Returns:
        float64 array (bins, columns), known cells as given; 0 where no column is intact.
    """
    filled = np.where(mask, 0, magnitudes).astype("float64")
    intact = np.flatnonzero(~mask.any(axis=0))
    places = np.flatnonzero(mask.any(axis=0))
    if not len(intact):
        return filled
    count = min(neighbours, len(intact))
    # Columns with the same cells missing are looked up together.
    patterns, group = np.unique(mask[:, places], axis=1, return_inverse=True)
    for i, missing in enumerate(patterns.T):
        here = places[np.ravel(group) == i]
        if missing.all():
            near = _nearest(intact[:, None], here[:, None], count)
        else:
            known = ~missing
            near = _nearest(filled[known][:, intact].T, filled[known][:, here].T, count)
        means = filled[missing][:, intact][:, near].mean(axis=-1)
        filled[np.ix_(missing, here)] = means
    return filled


def _nearest(those, of, count):
    """int array (rows of `of`, count), rows of `those`."""
    found = KDTree(those).query(of, k=count)[1]
    return found.reshape(len(of), count)
