"""The base of the batches that `fit` takes: drawn anew in every epoch."""

import math

import keras
import numpy as np

from rnnzoo.datasets.common.arguments import whole

# Batches of an epoch of `fit` below which its weights hardly move.
STEPS = 50


def default_batch_size(samples, most):
    """The batch size at which an epoch has 50 steps, as far as there are enough samples.

    Args:
        samples: int, per epoch.
        most: int, a power of 2.

    Returns:
        int, a power of 2 up to `most`; 1 where there are fewer than 100 samples.

    Example:

    >>> [default_batch_size(samples, 16) for samples in (24, 100, 570, 10_000)]
    [1, 2, 8, 16]
    """
    size = most
    while size > 1 and samples < STEPS * size:
        size //= 2
    return size


class EpochBatches(keras.utils.PyDataset):
    """Batches of samples that depend on the seed and the epoch's number alone.

    So a training that is continued at epoch k gets the batches that it would have had. Without
    shuffling, for `evaluate` and validation, every epoch is the same.

    A subclass sets what `draw` needs, and calls it at the end of its constructor.

    Args:
        batch_size: int, samples per batch; the last batch of an epoch may be smaller. None for
            `most`, and if shuffled for fewer where an epoch would have less than 50 batches.
        seed: int.
        shuffle: bool.
        first_epoch: int, number of the epoch to start with. Keras ends an epoch once before `fit`
            begins the first, so `fit` itself starts one later.

    Attributes:
        most: int, a power of 2, the largest batch size by default.

    Raises:
        InputError: the batch size is no whole number of at least 1.
    """

    most = 16

    def __init__(self, batch_size, seed, shuffle, first_epoch):
        super().__init__()
        self._batch_size = None if batch_size is None else whole("batch_size", batch_size)
        self.seed, self.shuffle, self.epoch = seed, shuffle, first_epoch

    @property
    def batch_size(self):
        """int, samples per batch."""
        if self._batch_size is None:
            return default_batch_size(self.samples(), self.most) if self.shuffle else self.most
        return self._batch_size

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

    def begin_at(self, epoch):
        """Continues at an epoch's number: `fit` with that `initial_epoch` gets its batches."""
        self.epoch = epoch
        self.draw()

    def __len__(self):
        return math.ceil(self.samples() / self.batch_size)

    def on_epoch_end(self):
        """Draws the next epoch."""
        self.epoch += 1
        self.draw()
