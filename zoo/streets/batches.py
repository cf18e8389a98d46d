"""Batches of trips as `fit` takes them: each link with the column of what follows it."""

import numpy as np

from rnnzoo.datasets.common.arguments import is_number
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.streets.next_links import next_columns
from rnnzoo.datasets.streets.trips import Trips
from rnnzoo.epoch_batches import EpochBatches

UNKNOWN = -1  # a destination that the model is not told; and the link of padding
ALIKE = 20  # batches whose trips are ordered by length: little padding, and still a random order


class TripBatches(EpochBatches):
    """Batches (x, y) of whole trips.

    `x` is int32 (trips, time, 2): a link and the trip's destination, its last link, or -1 where
    that is unknown; `y` int32 (trips, time): the column of what follows, see
    `rnnzoo.datasets.streets.next_links.next_columns`. Both are -1 beyond the end of a trip, which
    is as wide as the longest trip of its batch.

    Args:
        successors: int array (links, out-degree), see `StreetGraph.successors`.
        trips: `Trips`, each step of which the graph has.
        batch_size, seed, shuffle, first_epoch: see `EpochBatches`.
        known: float from 0 to 1, the share of trips whose destination is known; drawn anew in each
            epoch.

    Raises:
        InputError: there is no trip, a trip has a step that the graph does not have, a batch size
            below 1, or a share outside 0 to 1.
    """

    most = 64

    def __init__(
        self, successors, trips, batch_size=None, seed=0, shuffle=True, first_epoch=0, known=0.5
    ):
        super().__init__(batch_size, seed, shuffle, first_epoch)
        if not len(trips):
            raise InputError("there is no trip: give one trip or more")
        if not is_number(known) or not 0 <= known <= 1:
            raise InputError(f"known={shown(known)}: give a share from 0 to 1")
        _check_steps(successors, trips)
        self.trips, self.known = trips, known
        self._columns = next_columns(successors, trips)
        self.draw()

    @staticmethod
    def trips_of(links):
        """`Trips` without names of a list of int arrays (steps,)."""
        return Trips.of(links, [""] * len(links))

    def samples(self):
        """int, trips per epoch."""
        return len(self.trips)

    def draw(self):
        """Draws the order of the trips, and whose destination is known."""
        lengths, random = self.trips.lengths, self.generator()
        order = random.permutation(len(lengths)) if self.shuffle else np.arange(len(lengths))
        self._told = random.random(len(lengths)) < self.known
        size = self.batch_size
        if self.shuffle:
            chunks = [order[i : i + ALIKE * size] for i in range(0, len(order), ALIKE * size)]
            order = np.concatenate([c[np.argsort(lengths[c], kind="stable")] for c in chunks])
        self._batches = [order[i : i + size] for i in range(0, len(order), size)]
        if self.shuffle:
            self._batches = [self._batches[i] for i in random.permutation(len(self._batches))]
        self._vary_early()

    def _vary_early(self):
        """Swaps batches so that the first two differ in width, if any do.

        Keras takes a dimension for fixed that is the same in both.
        """
        widths = [int(self.trips.lengths[rows].max()) for rows in self._batches]
        other = next((i for i, width in enumerate(widths) if width != widths[0]), 0)
        if other > 1:
            order = self._batches
            order[1], order[other] = order[other], order[1]

    def __getitem__(self, batch):
        """Batch number `batch`: (x, y)."""
        rows = self._batches[batch]
        lengths, first = self.trips.lengths[rows], self.trips.offsets[rows]
        mask = np.arange(lengths.max()) < lengths[:, None]
        steps = (first[:, None] + np.arange(lengths.max()))[mask]
        x = np.full((*mask.shape, 2), UNKNOWN, "int32")
        y = np.full(mask.shape, -1, "int32")
        x[mask, 0], y[mask] = self.trips.links[steps], self._columns[steps]
        goals = np.where(self._told[rows], self.trips.links[first + lengths - 1], UNKNOWN)
        x[:, :, 1] = goals[:, None]
        return x, y


def _check_steps(successors, trips):
    """Refuses trips through another graph: their labels would be wrong."""
    links = trips.links
    unknown = (links < 0) | (links >= len(successors))
    if unknown.any():
        step = int(unknown.argmax())
        raise InputError(
            f"trip {_trip(trips, step)} has the link {links[step]}: give indices from 0 to "
            f"{len(successors) - 1}"
        )
    inside = np.ones(len(links), bool)
    inside[trips.offsets[1:] - 1] = False
    known = (successors[links] == np.append(links[1:], -1)[:, None]).any(axis=1)
    if (inside & ~known).any():
        step = int((inside & ~known).argmax())
        raise InputError(
            f"trip {_trip(trips, step)} has the step from link {links[step]} to {links[step + 1]}, "
            "which the graph does not have: give trips through the model's graph"
        )


def _trip(trips, step):
    return int(np.searchsorted(trips.offsets, step, side="right")) - 1
