"""Who works where."""

import numpy as np

COMMUTERS = 0.45  # share of the residents
RANGE = 0.08  # of the diagonal of the region: distance at which a town attracts 1/e


def commuters(towns, diagonal):
    """Commuters from quarter to quarter, by the gravity model.

    Of those who live in i, a share proportional to people[j] exp(-distance / range) works in j.

    Args:
        towns: `Towns`.
        diagonal: float, of the region, in cells.

    Returns:
        float64 array (quarters, quarters), from and to.
    """
    distance = np.hypot(*(towns.centres[:, None] - towns.centres).transpose(2, 0, 1))
    pull = towns.people * np.exp(-distance / (RANGE * diagonal))
    return COMMUTERS * towns.people[:, None] * pull / pull.sum(axis=1, keepdims=True)
