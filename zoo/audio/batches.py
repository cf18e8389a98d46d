"""Windows of spectrograms with missing cells as `fit` takes them: the target is the truth."""

import numpy as np

from rnnzoo.datasets.audio.spectrogram_grid import BINS
from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.epoch_batches import EpochBatches

AVAILABLE = (0, 0, 2, 4, 16)  # lowest bins known in a window's gaps; drawn uniformly
SHORTEST = 4  # columns of a gap
MOST_GAPS = 3
QUIET = 0.05  # weight of the known cells' energy: what gaps of silence are scaled by


class SpectrogramWindows(EpochBatches):
    """Batches (x, y): y of magnitudes, x the same with gaps, in which a cell is -1.

    Each window is scaled so that its missing cells have the same weight as those of others: the sum
    of their squares, and a twentieth of the known cells' mean square for each, is the number of all
    cells. So a mean squared error is a squared relative error, of quiet music too.

    A window has one to three gaps of 4 columns up to half of it, log-uniform in length, and in all
    of them the lowest 0, 2, 4 or 16 bins are known. Windows, gaps and bins are drawn in every
    epoch; without shuffling, all epochs have those of epoch 0.

    Args:
        pieces: list of arrays (columns, bins), magnitudes.
        length: int, columns per window; a shorter piece is padded with zeros.
        batch_size, seed, shuffle, first_epoch: see `EpochBatches`.
        windows: int, per epoch; None for as many as cover the pieces.

    Raises:
        InputError: there is no piece, or a number is no whole one of at least 1, of columns 8.
    """

    most = 8

    def __init__(
        self, pieces, length=256, batch_size=None, windows=None, seed=0, shuffle=True, first_epoch=0
    ):
        super().__init__(batch_size, seed, shuffle, first_epoch)
        self.pieces = list(pieces)
        if not self.pieces:
            raise InputError("no piece of music: give one or more")
        self.length = whole("length", length, 2 * SHORTEST)
        columns = np.array([len(piece) for piece in self.pieces])
        covering = max(int(columns.sum()) // self.length, 1)
        self.windows = covering if windows is None else whole("windows", windows)
        self._share = columns / columns.sum()

    def samples(self):
        """int, windows per epoch."""
        return self.windows

    def __getitem__(self, batch):
        """Batch number `batch`: two float32 arrays (windows, length, bins)."""
        random = self.generator(batch)
        count = min(self.batch_size, self.windows - batch * self.batch_size)
        pairs = [self._window(random) for _ in range(count)]
        x, y = (np.stack(arrays) for arrays in zip(*pairs, strict=True))
        return x, y

    def _window(self, random):
        piece = self.pieces[random.choice(len(self.pieces), p=self._share)]
        start = int(random.integers(max(len(piece) - self.length, 0) + 1))
        y = np.zeros((self.length, BINS), "float32")
        columns = piece[start : start + self.length]
        y[: len(columns)] = columns
        mask = drawn_gaps(random, self.length, int(random.choice(AVAILABLE)))
        energy = np.sum(y[mask] ** 2) + QUIET * np.mean(y[~mask] ** 2) * mask.sum()
        y *= np.sqrt(y.size / energy) if energy > 0 else 1
        return np.where(mask, np.float32(-1), y), y


def drawn_gaps(random, length, available):
    """Missing cells of a window.

    Args:
        random: `numpy.random.Generator`.
        length: int, columns.
        available: int, lowest bins that are known.

    Returns:
        bool array (length, bins), True where a cell is missing.
    """
    mask = np.zeros((length, BINS), bool)
    gaps = int(random.integers(1, MOST_GAPS + 1))
    longest = max(length // (2 * gaps), SHORTEST)
    for _ in range(gaps):
        count = int(np.exp(random.uniform(np.log(SHORTEST), np.log(longest + 1))))
        start = int(random.integers(max(length - count, 0) + 1))
        mask[start : start + count, available:] = True
    return mask
