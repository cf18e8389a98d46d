"""Windows of several places as `fit` takes them."""

import keras
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


class PlaceSpans(keras.utils.PyDataset):
    """A batch (x, y) per place: a span of days after its history, for validation.

    Args:
        series: list of float32 arrays (days, 1, 1, parameters) up to the spans' ends.
        starts: list of int, the first day of each span.
        history: int, days before it that are read.
    """

    def __init__(self, series, starts, history):
        super().__init__()
        self._series, self._starts, self._history = series, starts, history

    def __len__(self):
        return len(self._series)

    def __getitem__(self, place):
        """Batch number `place`: (x, y), y NaN before the span."""
        start = self._starts[place]
        begin = max(0, start - self._history)
        values = self._series[place][begin:]
        y = values[None, 1:].copy()
        y[:, : start - begin - 1] = np.nan
        return values[None, :-1], y
