"""Nearest neighbours: missing cells from the most similar intact columns."""

import numpy as np
from scipy.spatial import KDTree

NEIGHBOURS = 5


def knn(magnitudes, mask, neighbours=NEIGHBOURS):
    """Missing cells as the mean of those of the nearest intact columns.

    The distance is Euclidean over the known cells; of a column without any, it is that in time.

    Args:
        magnitudes: float array (bins, columns); missing cells are not read.
        mask: bool array (bins, columns), True where a cell is missing.
        neighbours: int; fewer where there are fewer intact columns.

    Returns:
        float64 array (bins, columns), known cells unchanged; 0 where no column is intact.
    """
    filled = np.where(mask, 0, magnitudes).astype("float64")
    intact = np.flatnonzero(~mask.any(axis=0))
    incomplete = np.flatnonzero(mask.any(axis=0))
    if not len(intact):
        return filled
    count = min(neighbours, len(intact))
    # Columns with the same missing cells are queried together.
    patterns, group = np.unique(mask[:, incomplete], axis=1, return_inverse=True)
    for i, missing in enumerate(patterns.T):
        columns = incomplete[np.ravel(group) == i]
        if missing.all():
            near = _nearest(intact[:, None], columns[:, None], count)
        else:
            known = ~missing
            near = _nearest(filled[known][:, intact].T, filled[known][:, columns].T, count)
        means = filled[missing][:, intact][:, near].mean(axis=-1)
        filled[np.ix_(missing, columns)] = means
    return filled


def _nearest(points, queries, count):
    """Indices of the points nearest to each query: int array (queries, count)."""
    return KDTree(points).query(queries, k=count)[1].reshape(len(queries), count)
