"""Windows of sequences of frames as `fit` takes them: each frame with the next one."""

import numpy as np

from rnnzoo.datasets.common.arguments import whole
from rnnzoo.epoch_batches import EpochBatches


class FrameWindows(EpochBatches):
    """Batches (x, y) of windows, where y is x shifted by one frame.

    Shuffled, an epoch has one window of every sequence, from a random frame on, in random order.
    Not shuffled, it has all frames of all sequences, in their order.

    Args:
        frames: array (sequences, steps, height, width), 0 to 1, two steps or more.
        length: int, frames that are predicted per window.
        batch_size, seed, shuffle, first_epoch: see `EpochBatches`.

    Raises:
        InputError: a length or batch size is no whole number of at least 1.
    """

    most = 8

    def __init__(self, frames, length=50, batch_size=None, seed=0, shuffle=True, first_epoch=0):
        super().__init__(batch_size, seed, shuffle, first_epoch)
        self.frames = frames
        most = frames.shape[1] - 1
        self.length = min(whole("length", length), most) if shuffle else most
        self.draw()

    def samples(self):
        """int, windows per epoch: one per sequence."""
        return len(self.frames)

    def draw(self):
        """Draws the order of the sequences and the first frame of each."""
        count, starts = self.samples(), self.frames.shape[1] - self.length
        self._order, self._starts = np.arange(count), np.zeros(count, int)
        if self.shuffle:
            random = self.generator()
            self._order = random.permutation(count)
            self._starts = random.integers(starts, size=count)

    def __getitem__(self, batch):
        """Batch number `batch`: two float32 arrays (windows, length, height, width)."""
        rows = self.rows(batch)
        steps = self._starts[rows, None] + np.arange(self.length + 1)
        window = self.frames[self._order[rows, None], steps].astype("float32")
        return window[:, :-1], window[:, 1:]
