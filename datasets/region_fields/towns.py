"""Towns of a region: a few large ones, which have several quarters, and many small ones."""

from dataclasses import dataclass

import numpy as np

RURAL = 0.05  # share of the people who live outside towns
QUARTER = 0.004  # share of the people in a quarter, at most
DENSITY = 30  # times the mean of the region, in the centre of the largest town
GROWTH = 0.4  # the radius grows with people ** GROWTH: larger towns are denser
SPREAD, OVERLAP = 0.7, 1.3  # of quarters, in radii of their town and of their share of its area


@dataclass(frozen=True)
class Towns:
    """Quarters of towns, a small town being one, in descending order of the towns' people.

    Args:
        centres: float64 array (quarters, 2), row and column, in cells.
        radii: float64 array (quarters,), standard deviation of where people live, in cells.
        people: float64 array (quarters,), residents.
        town: int array (quarters,), 0 for the largest one.
    """

    centres: np.ndarray
    radii: np.ndarray
    people: np.ndarray
    town: np.ndarray

    def __len__(self):
        return len(self.people)


def place_towns(random, mask, count, people):
    """Towns whose people follow Zipf's law: the n-th largest has 1/n of those of the largest.

    Args:
        random: `numpy.random.Generator`.
        mask: bool array (height, width), the cells inside the region.
        count: int, towns; of them, the large ones are split into quarters.
        people: float, residents of the whole region.

    Returns:
        `Towns`.
    """
    inside = np.argwhere(mask)
    centres = inside[random.integers(len(inside), size=count)].astype("float64")
    share = 1 / np.arange(1, count + 1)
    share *= (1 - RURAL) / share.sum()
    largest = np.sqrt(share[0] * len(inside) / (2 * np.pi * DENSITY))
    radii = np.maximum(largest * (share / share[0]) ** GROWTH, 0.5)
    quarters = np.ceil(share / QUARTER).astype(int)
    town = np.repeat(np.arange(count), quarters)
    offsets = random.normal(size=(len(town), 2)) * SPREAD * radii[town, None]
    shifted = centres[town] + offsets * (quarters[town] > 1)[:, None]
    row, column = np.rint(shifted).astype(int).T
    height, width = mask.shape
    known = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    known[known] = mask[row[known], column[known]]
    narrower = np.where(quarters > 1, OVERLAP / np.sqrt(quarters), 1)
    return Towns(
        np.where(known[:, None], shifted, centres[town]),
        (radii * narrower)[town],
        (people * share / quarters)[town],
        town,
    )


def next_larger(towns):
    """int array (quarters,), the nearest quarter with more people of each; the largest itself."""
    nearest = np.arange(len(towns))
    for quarter in range(1, len(towns)):
        # Quarters of one town have the same people; the order decides.
        distance = np.square(towns.centres[:quarter] - towns.centres[quarter]).sum(axis=1)
        nearest[quarter] = distance.argmin()
    return nearest
