"""The base of the batches that `fit` takes: drawn anew in every epoch."""

import math

import keras
import numpy as np

from rnnzoo.datasets.common.arguments import whole


class EpochBatches(keras.utils.PyDataset):
    """Batches of samples that depend on the seed and the epoch's number alone.

    So a training that is continued at epoch k gets the batches that it would have had. Without
    shuffling, for `evaluate` and validation, every epoch is the same.

    A subclass sets what `draw` needs, and calls it at the end of its constructor.

    Args:
        batch_size: int, samples per batch; the last batch of an epoch may be smaller.
        seed: int.
        shuffle: bool.
        first_epoch: int, number of the epoch to start with. Keras ends an epoch once before `fit`
            begins the first, so `fit` itself starts one later.

    Raises:
        InputError: the batch size is no whole number of at least 1.
    """

    def __init__(self, batch_size, seed, shuffle, first_epoch):
        super().__init__()
        self.batch_size = whole("batch_size", batch_size)
        self.seed, self.shuffle, self.epoch = seed, shuffle, first_epoch

    def draw(self):
        """Draws what is random of an epoch, such as the order of its samples."""

    def samples(self):
        """int, samples per epoch."""
        raise NotImplementedError

    def generator(self, *key):
        """A `numpy.random.Generator` of this epoch, and of further whole numbers."""
        return np.random.default_rng([self.seed, self.epoch if self.shuffle else 0, *key])

    def rows(self, batch):
        """The slice of an epoch's samples that are in batch number `batch`."""
        return slice(batch * self.batch_size, (batch + 1) * self.batch_size)

    def __len__(self):
        return math.ceil(self.samples() / self.batch_size)

    def on_epoch_end(self):
        """Draws the next epoch."""
        self.epoch += 1
        self.draw()
