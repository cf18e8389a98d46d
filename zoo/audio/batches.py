"""Windows of spectrograms with cells missing, as `fit` takes them: the answer is the truth."""

import math

import keras
import numpy as np

from rnnzoo.datasets.audio.spectrogram_grid import BINS
from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError

AVAILABLE = (0, 0, 2, 4, 16)  # lowest bins that are left in a window's gaps; 0 as often as is here
SHORTEST = 4  # columns of a gap
MOST_GAPS = 3
QUIET = 0.05  # of the known cells' energy: what gaps of silence count as


class SpectrogramWindows(keras.utils.PyDataset):
    """Batches (x, y): y of magnitudes, x the same with gaps, in which a cell is -1.

    Each window is as loud as makes its missing cells count as much as those of others: the sum of
    their squares, and a twentieth of what the known cells would have there, is the number of all
    cells. So a mean squared error is a squared relative error, and quiet music counts too.

    A window has one to three gaps of 4 columns up to half of it, short ones as likely as long ones
    by their logarithm, and in all of them the lowest 0, 2, 4 or 16 bins are left. Windows, gaps and
    bins depend on the seed and the epoch's number alone. Without shuffling, for validation, every
    epoch has the same ones.

    Args:
        pieces: list of arrays (columns, bins), magnitudes.
        length: int, columns of a window; of a shorter piece, all there are, and then zeros.
        batch_size: int.
        windows: int, of an epoch; None for as many as cover the pieces.
        seed: int.
        shuffle: bool.
        first_epoch: int, see `rnnzoo.frames.batches.FrameWindows`.

    Raises:
        InputError: there is no piece, or a number is no whole one of at least 1, of columns 8.
    """

    def __init__(
        self, pieces, length=512, batch_size=16, windows=None, seed=0, shuffle=True, first_epoch=0
    ):
        super().__init__()
        self.pieces = list(pieces)
        if not self.pieces:
            raise InputError("no piece of music: give one or more")
        self.length = whole("length", length, 2 * SHORTEST)
        self.batch_size = whole("batch_size", batch_size)
        columns = np.array([len(one) for one in self.pieces])
        whole_count = max(int(columns.sum()) // self.length, 1)
        self.windows = whole_count if windows is None else whole("windows", windows)
        self._share = columns / columns.sum()
        self._seed, self._shuffle, self._epoch = seed, shuffle, first_epoch

    def __len__(self):
        return math.ceil(self.windows / self.batch_size)

    def __getitem__(self, batch):
        """Batch number `batch`: two float32 arrays (windows, length, bins)."""
        epoch = self._epoch if self._shuffle else 0
        random = np.random.default_rng([self._seed, epoch, batch])
        count = min(self.batch_size, self.windows - batch * self.batch_size)
        pairs = [self._window(random) for _ in range(count)]
        x, y = (np.stack(one) for one in zip(*pairs, strict=True))
        return x, y

    def _window(self, random):
        piece = self.pieces[random.choice(len(self.pieces), p=self._share)]
        start = int(random.integers(max(len(piece) - self.length, 0) + 1))
        y = np.zeros((self.length, BINS), "float32")
        found = piece[start : start + self.length]
        y[: len(found)] = found
        mask = drawn_gaps(random, self.length, int(random.choice(AVAILABLE)))
        energy = np.sum(y[mask] ** 2) + QUIET * np.mean(y[~mask] ** 2) * mask.sum()
        y *= np.sqrt(y.size / energy) if energy > 0 else 1
        return np.where(mask, np.float32(-1), y), y

    def on_epoch_end(self):
        """Goes on to the next epoch's windows."""
        self._epoch += 1


def drawn_gaps(random, length, available):
    """Missing cells of a window.

    Args:
        random: `numpy.random.Generator`.
        length: int, columns.
        available: int, lowest bins that are left.

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
