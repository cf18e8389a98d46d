"""Windows as the core of an imputer takes them, with what comes before it worked out once."""

import math
from functools import cached_property

import keras
import numpy as np
from keras import ops

CROP = 512  # columns that are learned from at once


class PreparedWindows(keras.utils.PyDataset):
    """Batches ((cells, means, predicted), y) of crops of windows.

    Means, regression and interpolation of a window are of all of it, have nothing to learn and take
    longer than the network: they are worked out when the first batch is asked for, and an epoch has
    as many crops of the windows as cover them, which depend on the seed and its number alone.

    Args:
        before: function from cells (batch, time, bins) to means and predictions, see
            `rnnzoo.audio.imputer.SpectrogramImputer.before`.
        windows: `SpectrogramWindows`, of which one epoch is taken.
        batch_size: int, crops.
        seed: int.
    """

    def __init__(self, before, windows, batch_size, seed):
        super().__init__()
        self.batch_size, self.epoch = batch_size, 0
        self._before, self._given, self._seed = before, windows, seed

    @cached_property
    def _windows(self):
        found = []
        for batch in range(len(self._given)):
            x, y = self._given[batch]
            means, predicted = map(ops.convert_to_numpy, self._before(ops.convert_to_tensor(x)))
            found += zip(x, np.broadcast_to(means, x.shape), predicted, y, strict=True)
        return found

    def __len__(self):
        columns = self._given.windows * self._given.length
        return max(math.ceil(columns / (CROP * self.batch_size)), 1)

    def __getitem__(self, batch):
        """Batch number `batch`: three float32 arrays (crops, 512, bins), and y alike."""
        random = np.random.default_rng([self._seed, self.epoch, batch])
        crop = min(CROP, self._given.length)
        chosen = []
        for one in random.integers(len(self._windows), size=self.batch_size):
            start = int(random.integers(self._given.length - crop + 1))
            chosen.append([part[start : start + crop] for part in self._windows[one]])
        *x, y = (np.stack(part) for part in zip(*chosen, strict=True))
        return tuple(x), y

    def on_epoch_end(self):
        """Goes on to the next epoch's crops."""
        self.epoch += 1
