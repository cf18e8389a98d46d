"""Linear regression: missing bins from the known ones of their column and of those around it."""

import numpy as np

from rnnzoo.baselines.spectrogram_means import bin_means

AROUND = (0, 1, 2, 4, 8)  # columns on each side; cross-validated
RIDGES = (1e-4, 1e-3, 1e-2, 1e-1)  # ridge weights; cross-validated
BLOCKS = 8  # of the cross-validation
# Features are x and log(1 + x / LOUD), of a song whose root mean square is 1.
LOUD = 0.1


def regression(magnitudes, mask):
    """Missing cells from the bins that are known in every column, by ridge regression.

        Y = m + Z W,   W = (Z'Z / n + r I)^-1 Z'(Y - m) / n

    with Z the standardized known bins of a column and of k columns on each side, and their
    logarithms. k and r are chosen by cross-validation over blocks of consecutive intact columns.
    Where no bin is known throughout, the result is m, the mean of the known cells of each bin.

    Args:
        magnitudes: float array (bins, columns); missing cells are not read.
        mask: bool array (bins, columns), True where a cell is missing.

    Returns:
        float64 array (bins, columns), known cells unchanged, none below 0.
    """
    return np.where(mask, np.maximum(predicted(magnitudes, mask), 0), magnitudes)


def predicted(magnitudes, mask):
    """Predictions of all cells, missing or not; see `regression`.

    Returns:
        float64 array (bins, columns); bins that are known in every column are unchanged.
    """
    known = np.where(mask, 0, magnitudes).astype("float64")
    inputs, intact = ~mask.any(axis=1), np.flatnonzero(~mask.any(axis=0))
    if not inputs.any() or len(intact) < BLOCKS:
        return np.broadcast_to(bin_means(known, mask), known.shape).copy()
    scale = np.sqrt(np.mean(known[~mask] ** 2)) or 1.0
    x, y = column_features(known[inputs] / scale), known[~inputs] / scale
    blocks = [_Sums.of(x[:, part], y[:, part]) for part in np.array_split(intact, BLOCKS)]
    total = sum(blocks[1:], blocks[0])
    each = 2 * inputs.sum()  # features per column

    def error(choice):
        around, ridge = choice
        rows = (2 * around + 1) * each
        return sum(block.error(*(total - block).solved(rows, ridge)) for block in blocks)

    around, ridge = min(((k, r) for k in AROUND for r in RIDGES), key=error)
    rows = (2 * around + 1) * each
    weights, constant = total.solved(rows, ridge)
    cells = known.copy()
    cells[~inputs] = (weights.T @ x[:rows] + constant[:, None]) * scale
    return cells


def column_features(known):
    """Features (features, columns): of the column itself, then of those around it, near first."""
    both = np.concatenate([known, np.log1p(known / LOUD)])
    most = AROUND[-1]
    padded = np.pad(both, [(0, 0), (most, most)], mode="edge")
    shifts = [0, *(side * k for k in range(1, most + 1) for side in (-1, 1))]
    length = both.shape[1]
    return np.concatenate([padded[:, most + k : most + k + length] for k in shifts])


class _Sums:
    """Sufficient statistics of ridge regression: sums that blocks add to and subtract from."""

    def __init__(self, count, x, y, xx, xy, yy):
        self._all = (count, x, y, xx, xy, yy)

    @classmethod
    def of(cls, x, y):
        return cls(x.shape[1], x.sum(axis=1), y.sum(axis=1), x @ x.T, x @ y.T, np.sum(y**2))

    def __add__(self, other):
        return _Sums(*(a + b for a, b in zip(self._all, other._all, strict=True)))

    def __sub__(self, other):
        return _Sums(*(a - b for a, b in zip(self._all, other._all, strict=True)))

    def solved(self, rows, ridge):
        """(weights (rows, bins), constants (bins,)) of the first rows alone."""
        count, x, y, xx, xy, _ = self._all
        mean, level = x[:rows] / count, y / count
        covariance = xx[:rows, :rows] / count - np.outer(mean, mean)
        size = np.sqrt(np.maximum(covariance.diagonal(), 1e-12))
        correlation = covariance / np.outer(size, size) + ridge * np.eye(rows)
        right = (xy[:rows] / count - np.outer(mean, level)) / size[:, None]
        weights = np.linalg.solve(correlation, right) / size[:, None]
        return weights, level - mean @ weights

    def error(self, weights, constant):
        """The squared error of a regression on these columns, before clipping at 0."""
        count, x, y, xx, xy, yy = self._all
        rows = len(weights)
        x, xx, xy = x[:rows], xx[:rows, :rows], xy[:rows]
        own = np.sum(weights * (xx @ weights)) + 2 * constant @ (x @ weights)
        return float(
            yy + own + count * constant @ constant - 2 * np.sum(weights * xy) - 2 * constant @ y
        )
