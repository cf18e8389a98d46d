"""Labelled sequences as `fit` takes them, augmented in every epoch if that is asked for."""

import keras
import numpy as np

from rnnzoo.datasets.common.arguments import checked_seed, is_number
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.epoch_batches import EpochBatches
from rnnzoo.sequences.augmentation import mixed

MIXUP = 1  # keeps its random numbers apart from those of other uses of a batch


class SequenceBatches(EpochBatches):
    """Batches (x, y): features (batch, time, features), padded with zeros, and one-hot classes.

    All batches are as long as the longest sequence: Keras takes one shape.

    Shuffled, an epoch has every sequence once, in random order and, with `change`, augmented. Not
    shuffled, it has them in their order, as they are.

    Args:
        sequences: list of what `read` takes.
        labels: int array (sequences,), below `classes`.
        classes: int.
        read: function from a sequence to its features (time, features).
        batch_size, seed, shuffle, first_epoch: see `EpochBatches`.
        change: function (sequence, seed) -> sequence, the augmentation for `fit`; or None.
        mixup: float, see `rnnzoo.sequences.augmentation.mixed`; 0 for none. Only for `fit`.

    Raises:
        InputError: there are no sequences, their number is not that of the labels, a label is no
            class, or `mixup` is negative.
    """

    most = 32

    def __init__(
        self, sequences, labels, classes, read, batch_size=None, seed=0, shuffle=True,
        first_epoch=0, change=None, mixup=0.0,
    ):  # fmt: skip
        super().__init__(batch_size, checked_seed(seed), shuffle, first_epoch)
        labels = np.asarray(labels)
        if not len(sequences) or labels.shape != (len(sequences),):
            raise InputError(
                f"{len(sequences)} sequences and labels of shape {labels.shape}: give one label "
                "per sequence, and one sequence or more"
            )
        if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= classes:
            raise InputError(
                f"labels are {labels.dtype} up to {labels.max()}: give 0 to {classes - 1}"
            )
        self._sequences, self._read = list(sequences), read
        self._targets = keras.utils.to_categorical(labels, classes)
        if not is_number(mixup) or mixup < 0:
            raise InputError(f"mixup is {mixup!r}: give 0 or more")
        self._change, self._mixup = (change, mixup) if shuffle else (None, 0.0)
        self._features = None if self._change else list(map(read, self._sequences))
        self._longest = max(map(len, self._features)) if self._features else None
        self.draw()

    def samples(self):
        """int, sequences per epoch."""
        return len(self._sequences)

    def draw(self):
        """Draws the order of the sequences."""
        self._order = np.arange(self.samples())
        if self.shuffle:
            self._order = self.generator().permutation(self._order)

    def __getitem__(self, batch):
        """Batch number `batch`."""
        rows = self._order[self.rows(batch)]
        features = padded([self._features_of(row) for row in rows], self._longest)
        if self._mixup:
            return mixed(features, self._targets[rows], self._mixup, self.generator(batch, MIXUP))
        return features, self._targets[rows]

    def _features_of(self, row):
        if self._features is not None:
            return self._features[row]
        return self._read(self._change(self._sequences[row], [self.seed, self.epoch, int(row)]))


def padded(features, length=None):
    """Sequences of several lengths as one array, with zeros at the end.

    Args:
        features: list of arrays (time, features).
        length: int, time steps of the result; None for the longest sequence's.

    Returns:
        float32 array (sequences, length, features).
    """
    length = length or max(map(len, features))
    array = np.zeros((len(features), length, features[0].shape[1]), "float32")
    for row, sequence in zip(array, features, strict=True):
        row[: len(sequence)] = sequence
    return array
