"""Where people are: the share of the people of a quarter in each cell of the region."""

import numpy as np
from scipy import sparse

REACH = 3.0  # standard deviations that a footprint extends
TEXTURE = 0.6  # standard deviation of the logarithm of the density between neighbouring cells


class Footprints:
    """Collects footprints, the columns of a sparse matrix.

    Args:
        random: `numpy.random.Generator`.
        mask: bool array (height, width), the cells inside the region.
    """

    def __init__(self, random, mask):
        self._random, self._mask = random, mask
        self._index = np.cumsum(mask.ravel()).reshape(mask.shape) - 1
        self._columns = []

    def add_town(self, centre, radius):
        """A normal distribution with a random texture.

        Args:
            centre: pair, row and column, in cells.
            radius: float, standard deviation in cells.
        """
        low = np.floor(np.subtract(centre, REACH * radius)).astype(int).clip(0)
        high = np.ceil(np.add(centre, REACH * radius)).astype(int) + 1
        box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
        inside = self._mask[box]
        row, column = np.nonzero(inside)
        square = np.square(row + low[0] - centre[0]) + np.square(column + low[1] - centre[1])
        density = np.exp(-square / (2 * radius**2) + TEXTURE * self._random.normal(size=len(row)))
        self._add(self._index[box][inside], density)

    def add_road(self, start, end):
        """Evenly along a straight line.

        Args:
            start, end: pairs, row and column, in cells.
        """
        count = int(np.abs(np.subtract(end, start)).max()) + 2
        row, column = np.rint(np.linspace(start, end, count)).astype(int).T
        height, width = self._mask.shape
        row, column = row.clip(0, height - 1), column.clip(0, width - 1)
        cells = self._index[row, column][self._mask[row, column]]
        self._add(np.unique(cells), np.ones(len(np.unique(cells))))

    def add_everywhere(self):
        """The whole region, with a random texture."""
        cells = np.arange(self._mask.sum())
        self._add(cells, np.exp(TEXTURE * self._random.normal(size=len(cells))))

    def matrix(self):
        """CSR float32 matrix (cells inside, footprints) whose columns sum to 1."""
        cells = np.concatenate([cells for cells, _ in self._columns])
        weights = np.concatenate([weights for _, weights in self._columns])
        ends = np.cumsum([0, *(len(cells) for cells, _ in self._columns)])
        shape = int(self._mask.sum()), len(self._columns)
        return sparse.csc_matrix((weights.astype("float32"), cells, ends), shape).tocsr()

    def _add(self, cells, density):
        self._columns.append((cells, density / density.sum()))
