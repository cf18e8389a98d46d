"""Windows of a text as `fit` takes them: each character with the next one."""

import numpy as np

from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.epoch_batches import EpochBatches


class TextWindows(EpochBatches):
    """Batches (x, y) of windows, where y is x shifted by one character.

    Shuffled, an epoch starts at a random offset below the window length and has the consecutive
    windows from there on, in random order. Not shuffled, it has the consecutive windows from the
    first character on.

    Args:
        ids: int32 array (length,), the encoded text.
        length: int, characters per window.
        batch_size, seed, shuffle, first_epoch: see `EpochBatches`.

    Raises:
        InputError: a length or batch size below 1, or a text that is shorter than one window and
            the character after it.
    """

    def __init__(self, ids, length=100, batch_size=None, seed=0, shuffle=True, first_epoch=0):
        super().__init__(batch_size, seed, shuffle, first_epoch)
        self.length = whole("length", length)
        if len(ids) < length + 1:
            raise InputError(
                f"a text of {len(ids)} characters is shorter than a window of {length} and the "
                f"character after it: give at least {length + 1} characters"
            )
        self.ids = np.asarray(ids, dtype=np.int32)
        # Offsets 0 to `_offsets` - 1 leave room for the same number of windows each.
        self._offsets = min(length, len(self.ids) - length) if shuffle else 1
        self.draw()

    def samples(self):
        """int, windows per epoch."""
        return (len(self.ids) - self._offsets) // self.length

    def draw(self):
        """Draws the offset and the order of the windows."""
        offset, order = 0, np.arange(self.samples())
        if self.shuffle:
            random = self.generator()
            offset, order = random.integers(self._offsets), random.permutation(self.samples())
        self._starts = offset + self.length * order

    def __getitem__(self, batch):
        """Batch number `batch`: two int32 arrays of shape (windows, length)."""
        starts = self._starts[self.rows(batch)]
        window = self.ids[starts[:, None] + np.arange(self.length + 1)]
        return window[:, :-1], window[:, 1:]
