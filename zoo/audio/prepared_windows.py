"""Training batches for the core of an imputer, whose inputs are computed once per window."""

import math
from functools import cached_property

import keras
import numpy as np
from keras import ops

CROP = 512  # columns that the core is trained on at once


class PreparedWindows(keras.utils.PyDataset):
    """Batches ((cells, means, predicted), y) of crops of windows.

    Means, regression and interpolation are of the whole window, have no weights, and take longer
    than the network: they are computed when the first batch is asked for. An epoch has as many
    crops as cover the windows; they depend on the seed and the number of the epoch alone.

    Args:
        before: function from cells (batch, time, bins) to means and predictions, see
            `rnnzoo.audio.imputer.SpectrogramImputer.before`.
        windows: `SpectrogramWindows`, of which one epoch is taken.
        batch_size: int, crops.
        seed: int.
        crop: int, columns of a crop; a shorter window is taken whole.
        shuffle: bool; False for the same crops in every epoch.

    Attributes:
        epoch: int, the number of the next epoch.
    """

    def __init__(self, before, windows, batch_size, seed, crop=CROP, shuffle=True):
        super().__init__()
        self.batch_size, self.epoch = batch_size, 0
        self._before, self._windows, self._seed = before, windows, seed
        self._shuffle = shuffle
        self._longest, self._crop = crop, min(crop, windows.length)

    @cached_property
    def _prepared(self):
        prepared = []
        for batch in range(len(self._windows)):
            x, y = self._windows[batch]
            means, predicted = map(ops.convert_to_numpy, self._before(ops.convert_to_tensor(x)))
            prepared += zip(x, np.broadcast_to(means, x.shape), predicted, y, strict=True)
        return prepared

    def __len__(self):
        columns = self._windows.windows * self._windows.length
        return max(math.ceil(columns / (self._longest * self.batch_size)), 1)

    def __getitem__(self, batch):
        """Batch number `batch`: three float32 arrays (crops, columns, bins), and y alike."""
        random = np.random.default_rng([self._seed, self.epoch, batch])
        crops = []
        for index in random.integers(len(self._prepared), size=self.batch_size):
            start = int(random.integers(self._windows.length - self._crop + 1))
            crops.append([part[start : start + self._crop] for part in self._prepared[index]])
        *x, y = (np.stack(part) for part in zip(*crops, strict=True))
        return tuple(x), y

    def on_epoch_end(self):
        """Continues with the crops of the next epoch."""
        self.epoch += self._shuffle
