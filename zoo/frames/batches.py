"""Windows of sequences of frames as `fit` takes them: each frame with the one that follows."""

import math

import keras
import numpy as np

from rnnzoo.datasets.common.arguments import whole


class FrameWindows(keras.utils.PyDataset):
    """Batches (x, y) of windows, where y is x moved on by one frame.

    Shuffled, for `fit`: an epoch takes one window of every sequence, from a random frame on, the
    sequences in a new random order. Both depend on the seed and the epoch's number alone, so a
    training that goes on at epoch k sees what it would have seen. Not shuffled, for `evaluate` and
    validation: all frames of all sequences, the same every time.

    Args:
        frames: array (sequences, steps, height, width), 0 to 1, two steps or more.
        length: int, frames that are predicted in a window.
        batch_size: int, windows of a batch; the last batch of an epoch may be smaller.
        seed: int.
        shuffle: bool.
        first_epoch: int, number of the epoch to start with. Keras ends an epoch once before `fit`
            begins the first, so `fit` itself starts one later.

    Raises:
        InputError: a length or batch size is no whole number of at least 1.
    """

    def __init__(self, frames, length=50, batch_size=32, seed=0, shuffle=True, first_epoch=0):
        super().__init__()
        self.frames, self.batch_size = frames, whole("batch_size", batch_size)
        most = frames.shape[1] - 1
        self.length = min(whole("length", length), most) if shuffle else most
        self._seed, self._shuffle, self._epoch = seed, shuffle, first_epoch
        self._place()

    def _place(self):
        count, starts = len(self.frames), self.frames.shape[1] - self.length
        self._order, self._starts = np.arange(count), np.zeros(count, int)
        if self._shuffle:
            random = np.random.default_rng([self._seed, self._epoch])
            self._order = random.permutation(count)
            self._starts = random.integers(starts, size=count)

    def __len__(self):
        return math.ceil(len(self.frames) / self.batch_size)

    def __getitem__(self, batch):
        """Batch number `batch`: two float32 arrays (windows, length, height, width)."""
        places = slice(batch * self.batch_size, (batch + 1) * self.batch_size)
        steps = self._starts[places, None] + np.arange(self.length + 1)
        window = self.frames[self._order[places, None], steps].astype("float32")
        return window[:, :-1], window[:, 1:]

    def on_epoch_end(self):
        """Goes on to the next epoch's windows and order."""
        self._epoch += 1
        self._place()
