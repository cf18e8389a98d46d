"""Windows of several places as `fit` takes them."""

import numpy as np

from rnnzoo.epoch_batches import EpochBatches
from rnnzoo.fields.batches import FieldWindows


class PlaceWindows(EpochBatches):
    """Batches (x, y) of windows of all places, see `rnnzoo.fields.batches.FieldWindows`.

    Args:
        series: list of float32 arrays (days, 1, 1, parameters), NaN where missing.
        history: int, days of a window that are history only; half of it where it is shorter.
        length: int, days per window; less where a series is shorter.
        batch_size, seed, shuffle, first_epoch: see `EpochBatches`.

    Raises:
        InputError: a series has no day that could be predicted.
    """

    most = 4

    def __init__(
        self, series, history, length, batch_size=None, seed=0, shuffle=True, first_epoch=0
    ):
        super().__init__(batch_size, seed, shuffle, first_epoch)
        length = min(length, *(len(values) - 1 for values in series))
        skip = min(history, length // 2)
        self._places = [
            FieldWindows(values, length, skip, 1, seed, shuffle, first_epoch, keep_missing=True)
            for values in series
        ]
        self.draw()

    def samples(self):
        """int, windows per epoch."""
        return sum(place.samples() for place in self._places)

    def draw(self):
        """Draws the windows of each place, and their order."""
        for place in self._places:
            place.begin_at(self.epoch)
        self._order = np.array(
            [(i, k) for i, place in enumerate(self._places) for k in range(place.samples())]
        )
        if self.shuffle:
            self.generator(1).shuffle(self._order)

    def __getitem__(self, batch):
        """Batch number `batch`: (x, y)."""
        windows = [
            self._places[place].windows(slice(window, window + 1))
            for place, window in self._order[self.rows(batch)]
        ]
        return tuple(np.concatenate(parts) for parts in zip(*windows, strict=True))
