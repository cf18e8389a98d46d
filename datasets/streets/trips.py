"""Trips: sequences of links, of different lengths, in one array."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Trips:
    """Trips one after the other.

    Args:
        links: int32 array (steps of all trips,), indices of links.
        offsets: int64 array (trips + 1,): trip i is `links[offsets[i] : offsets[i + 1]]`.
        names: list of str (trips,).

    Example:

    >>> trips = Trips.of([[0, 1], [2], [0, 1]], ["a", "b", "c"])
    >>> len(trips), trips[0].tolist(), trips.lengths.tolist(), trips.first_identical().tolist()
    (3, [0, 1], [2, 1, 2], [0, 1, 0])
    """

    links: np.ndarray
    offsets: np.ndarray
    names: list

    @classmethod
    def of(cls, sequences, names):
        """`Trips` of sequences of indices of links, and a name for each."""
        sequences = [np.asarray(sequence, "int32") for sequence in sequences]
        offsets = np.cumsum([0, *map(len, sequences)], dtype="int64")
        links = np.concatenate(sequences) if sequences else np.zeros(0, "int32")
        return cls(links, offsets, list(names))

    def __len__(self):
        return len(self.offsets) - 1

    def __getitem__(self, trip):
        """int32 array (steps,), the links of a trip."""
        if not 0 <= trip < len(self):
            raise IndexError(trip)
        return self.links[self.offsets[trip] : self.offsets[trip + 1]]

    @property
    def lengths(self):
        """int64 array (trips,), the number of links of each."""
        return np.diff(self.offsets)

    def select(self, indices):
        """`Trips`, those of an int array of indices, in its order."""
        return Trips.of([self[i] for i in indices], [self.names[i] for i in indices])

    def first_identical(self):
        """int64 array (trips,): for each trip the index of the first with the same links."""
        first = {}
        return np.array([first.setdefault(self[i].tobytes(), i) for i in range(len(self))], "int64")
