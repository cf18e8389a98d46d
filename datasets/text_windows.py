"""Windows of a text as `fit` takes them: each character with the one that follows."""

import keras
import numpy as np

from rnnzoo.datasets.errors import InputError


class TextWindows(keras.utils.PyDataset):
    """Batches (x, y) of windows, where y is x moved on by one character.

    An epoch covers the text once. It starts at a new random offset below the
    window length and takes the windows in a new random order; both depend on
    the seed and the epoch's number alone, so an interrupted run that goes on at
    epoch k sees what it would have seen.

    Args:
        ids: int32 array (length,), the encoded text.
        length: characters a window.
        batch_size: windows a batch; a text with fewer makes smaller batches.
        seed: int.
        first_epoch: number of the epoch to start with.

    Raises:
        InputError: the text is shorter than one window and the character after it.
    """

    def __init__(self, ids, length=100, batch_size=64, seed=0, first_epoch=0):
        super().__init__()
        if len(ids) < length + 1:
            raise InputError(
                f"a text of {len(ids)} characters is shorter than a window of {length} and the "
                f"character after it: give at least {length + 1} characters"
            )
        self.ids = np.asarray(ids, dtype=np.int32)
        self.length = length
        self.seed = seed
        self._epoch = first_epoch
        # The window that an offset costs is left out of every epoch alike.
        offsets = min(length, len(self.ids) - length)
        windows = (len(self.ids) - offsets) // length
        self.batch_size = min(batch_size, windows)
        self._offsets, self._windows = offsets, windows
        self._shuffle()

    def _shuffle(self):
        random = np.random.default_rng([self.seed, self._epoch])
        offset = random.integers(self._offsets)
        self._starts = offset + self.length * random.permutation(self._windows)

    def __len__(self):
        return self._windows // self.batch_size

    def __getitem__(self, batch):
        """Batch number `batch`: two int32 arrays of shape (batch_size, length)."""
        starts = self._starts[batch * self.batch_size : (batch + 1) * self.batch_size]
        window = self.ids[starts[:, None] + np.arange(self.length + 1)]
        return window[:, :-1], window[:, 1:]

    def on_epoch_end(self):
        """Draws the next epoch's offset and order."""
        self._epoch += 1
        self._shuffle()
