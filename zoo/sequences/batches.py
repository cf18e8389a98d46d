"""Labelled sequences as `fit` takes them, changed anew in every epoch if that is asked for."""

import math

import keras
import numpy as np

from rnnzoo.datasets.common.arguments import checked_seed, whole
from rnnzoo.datasets.common.errors import InputError


class SequenceBatches(keras.utils.PyDataset):
    """Batches (x, y): features (batch, time, features), zeros at the end, and one-hot classes.

    All batches are as long as the longest sequence: Keras takes one shape.

    Shuffled, for `fit`: every sequence once an epoch, in an order and with changes that depend on
    the seed, the epoch's number and the sequence alone, so a training that goes on at epoch k sees
    what it would have seen. Not shuffled: in their order, as they are.

    Args:
        sequences: list of what `read` takes.
        labels: int array (sequences,), below `classes`.
        classes: int.
        read: function from a sequence to its features (time, features).
        batch_size: int; the last batch of an epoch may be smaller.
        seed: int.
        shuffle: bool.
        first_epoch: int, see `rnnzoo.text.batches.TextWindows`.
        change: function (sequence, seed) -> sequence, for `fit`; or None.

    Raises:
        InputError: there are no sequences, as many labels as sequences are not there, or one is no
            class.
    """

    def __init__(
        self, sequences, labels, classes, read, batch_size=32, seed=0, shuffle=True, first_epoch=0,
        change=None,
    ):  # fmt: skip
        super().__init__()
        self.batch_size = whole("batch_size", batch_size)
        labels = np.asarray(labels)
        if not len(sequences) or labels.shape != (len(sequences),):
            raise InputError(
                f"{len(sequences)} sequences and labels of shape {labels.shape}: give one label "
                "a sequence, and a sequence at least"
            )
        if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= classes:
            raise InputError(
                f"labels are {labels.dtype} up to {labels.max()}: give 0 to {classes - 1}"
            )
        self._sequences, self._labels, self._read = list(sequences), labels, read
        self._targets = np.eye(classes, dtype="float32")
        self._seed, self._shuffle, self._epoch = checked_seed(seed), shuffle, first_epoch
        self._change = change if shuffle else None
        self._features = None if self._change else [read(one) for one in self._sequences]
        self._longest = max(map(len, self._features)) if self._features else None
        self._place()

    def _place(self):
        self._order = np.arange(len(self._sequences))
        if self._shuffle:
            self._order = np.random.default_rng([self._seed, self._epoch]).permutation(self._order)

    def __len__(self):
        return math.ceil(len(self._order) / self.batch_size)

    def __getitem__(self, batch):
        """Batch number `batch`."""
        rows = self._order[batch * self.batch_size : (batch + 1) * self.batch_size]
        features = padded([self._seen(row) for row in rows], self._longest)
        return features, self._targets[self._labels[rows]]

    def _seen(self, row):
        if self._features is not None:
            return self._features[row]
        return self._read(self._change(self._sequences[row], [self._seed, self._epoch, int(row)]))

    def on_epoch_end(self):
        """Goes on to the next epoch's order and changes."""
        self._epoch += 1
        self._place()


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
