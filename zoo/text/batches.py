"""Windows of a text as `fit` takes them: each character with the one that follows."""

import math

import keras
import numpy as np

from rnnzoo.datasets.common.errors import InputError


class TextWindows(keras.utils.PyDataset):
    """Batches (x, y) of windows, where y is x moved on by one character.

    Shuffled, for `fit`: an epoch starts at a new random offset below the window
    length and takes the windows that follow each other from there once each, in a
    new random order. Offset and order depend on the seed and the epoch's number
    alone, so a training that goes on at epoch k sees what it would have seen.
    Not shuffled, for `evaluate` and validation: the same windows every time, from
    the first character on.

    Args:
        ids: int32 array (length,), the encoded text.
        length: int, characters a window.
        batch_size: int, windows a batch; the last batch of an epoch may be smaller.
        seed: int.
        shuffle: bool.
        first_epoch: int, number of the epoch to start with. Keras ends an epoch once
            before `fit` begins the first, so `fit` itself starts one later.

    Raises:
        InputError: a length or batch size below 1, or a text that is shorter than one
            window and the character after it.
    """

    def __init__(self, ids, length=100, batch_size=64, seed=0, shuffle=True, first_epoch=0):
        super().__init__()
        for name, value in (("length", length), ("batch_size", batch_size)):
            if value < 1:
                raise InputError(f"{name}={value}: give 1 or more")
        if len(ids) < length + 1:
            raise InputError(
                f"a text of {len(ids)} characters is shorter than a window of {length} and the "
                f"character after it: give at least {length + 1} characters"
            )
        self.ids = np.asarray(ids, dtype=np.int32)
        self.length = length
        self.batch_size = batch_size
        self._seed, self._shuffle, self._epoch = seed, shuffle, first_epoch
        # Offsets 0 to `_offsets` - 1 leave room for the same number of windows each.
        self._offsets = min(length, len(self.ids) - length) if shuffle else 1
        self._windows = (len(self.ids) - self._offsets) // length
        self._place()

    def _place(self):
        if self._shuffle:
            random = np.random.default_rng([self._seed, self._epoch])
            offset, order = random.integers(self._offsets), random.permutation(self._windows)
        else:
            offset, order = 0, np.arange(self._windows)
        self._starts = offset + self.length * order

    def __len__(self):
        return math.ceil(self._windows / self.batch_size)

    def __getitem__(self, batch):
        """Batch number `batch`: two int32 arrays of shape (windows, length)."""
        starts = self._starts[batch * self.batch_size : (batch + 1) * self.batch_size]
        window = self.ids[starts[:, None] + np.arange(self.length + 1)]
        return window[:, :-1], window[:, 1:]

    def on_epoch_end(self):
        """Goes on to the next epoch's offset and order."""
        self._epoch += 1
        self._place()
