"""Windows of fields as `fit` takes them: each field with the next one."""

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.epoch_batches import EpochBatches


def windows_after_history(values, history, length=None, **settings):
    """`FieldWindows` of which the first `history` steps, or half of a window, are history only.

    Args:
        values: see `FieldWindows`.
        history: int, steps.
        length: int, steps per window; None for twice the history.
        settings: see `EpochBatches`.
    """
    length = 2 * history if length is None else length
    skip = min(history, min(length, len(values) - 1) // 2)
    return FieldWindows(values, length, skip, **settings)


class FieldWindows(EpochBatches):
    """Batches (x, y) of windows, float32 (windows, length, height, width, channels), 0 outside the
    region. y is x shifted by one step; NaN in the first `skip` steps, which are history only.

    Shuffled, the windows of an epoch overlap by their history, from a random step on, in random
    order. Not shuffled, they are in the order of time, and the last is as long as the others.

    Args:
        values: float32 array (steps, height, width, channels), NaN outside the region.
        length: int, steps per window; fewer where the series is shorter.
        skip: int, below `length`.
        keep_missing: bool, whether NaN stay NaN.
        batch_size, seed, shuffle, first_epoch: see `EpochBatches`.

    Raises:
        InputError: the series has no step beyond `skip` that could be predicted.
    """

    most = 4

    def __init__(
        self,
        values,
        length,
        skip,
        batch_size=None,
        seed=0,
        shuffle=True,
        first_epoch=0,
        keep_missing=False,
    ):
        super().__init__(batch_size, seed, shuffle, first_epoch)
        most = len(values) - 1
        if most <= skip:
            raise InputError(f"{len(values)} fields are no window: give {skip + 2} or more")
        self.values, self.skip = values if keep_missing else np.nan_to_num(values, nan=0.0), skip
        self.length = min(length, most)
        self._stride, self._last = self.length - skip, most - self.length
        self._offsets = min(self._stride, self._last + 1)
        self.draw()

    def samples(self):
        """int, windows per epoch."""
        if self.shuffle:
            return (self._last - self._offsets + 1) // self._stride + 1
        return -(-self._last // self._stride) + 1

    def draw(self):
        """Draws the first step and the order of the windows."""
        self._starts = np.arange(self.samples()) * self._stride
        if self.shuffle:
            random = self.generator()
            self._starts = random.integers(self._offsets) + random.permutation(self._starts)
        self._starts = np.minimum(self._starts, self._last)
        self._skips = np.full(len(self._starts), self.skip)
        if not self.shuffle and len(self._starts) > 1:  # no step is predicted twice
            self._skips[-1] = self._starts[-2] + self.length - self._starts[-1]

    def __getitem__(self, batch):
        """Batch number `batch`: (x, y)."""
        return self.windows(self.rows(batch))

    def windows(self, rows):
        """(x, y) of windows of the epoch, by a slice or an array of their numbers."""
        window = self.values[self._starts[rows, None] + np.arange(self.length + 1)]
        y = window[:, 1:].copy()
        y[np.arange(self.length) < self._skips[rows, None]] = np.nan
        return window[:, :-1], y
