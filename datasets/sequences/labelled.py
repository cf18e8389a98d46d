"""Labelled sequences, the form in which classifiers take every data set."""

import itertools
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Labelled:
    """Sequences and their classes.

    Args:
        names: list of str.
        sequences: list of float32 arrays (time, ...).
        labels: list of str, the class of each.
    """

    names: list
    sequences: list
    labels: list

    def __len__(self):
        return len(self.names)

    def __add__(self, other):
        return Labelled(
            self.names + other.names,
            self.sequences + other.sequences,
            self.labels + other.labels,
        )

    def where(self, mask):
        """The sequences at which a list of bool is True, a `Labelled`."""
        columns = (self.names, self.sequences, self.labels)
        return Labelled(*(list(itertools.compress(column, mask)) for column in columns))

    def rows(self, numbers):
        """The sequences of a list of int, in its order, a `Labelled`."""
        columns = (self.names, self.sequences, self.labels)
        return Labelled(*([column[number] for number in numbers] for column in columns))

    def indices(self, classes):
        """int array (sequences,), the index of each label in `classes`."""
        index = {name: i for i, name in enumerate(classes)}
        return np.array([index[label] for label in self.labels], int)
