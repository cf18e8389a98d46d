"""Interpolated Markov chains over the links of a street graph, with Witten-Bell smoothing.

Witten & Bell, "The zero-frequency problem" (1991), method C, interpolated. What follows the last k
links h of a trip is w, one of the outgoing links of the last one, or the end of the path:

    p(w | h) = (c(hw) + T(h) p(w | h')) / (c(h) + T(h))

where c counts in the training trips, T(h) is the number of different w that followed h there, and
h' is h without its first link. Order 0 is uniform over the outgoing links of the last link and the
end, so no impossible step has probability. Where h is not in the training trips, the chain of order
k is that of order k - 1; so it is where a trip has had fewer than k links, unless `start` is True.
"""

from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.streets.next_links import next_columns, with_end

ORDER = 8


@dataclass(frozen=True)
class _Level:
    """The contexts of one length: sorted keys, and counts (contexts, out-degree + 1) after each."""

    keys: np.ndarray
    counts: np.ndarray

    def find(self, keys):
        """Indices of contexts, -1 for keys that are unknown."""
        index = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where((keys >= 0) & (self.keys[index] == keys), index, -1)


class StreetChains:
    """Chains of every order up to `order`, fitted once.

    Args:
        successors: int array (links, out-degree), as `StreetGraph.successors` returns it.
        trips: `Trips` to fit, each step of which the graph has.
        order: int, the most links that a chain looks back on; 1 or more.
        start: bool, whether a trip that has had fewer than k links is a context of its own: its
            beginning and those links.

    Raises:
        InputError: `order` is no whole number of at least 1.
    """

    def __init__(self, successors, trips, order=ORDER, *, start=False):
        self.successors, self.start = successors, start
        self.order = whole("order", order)
        columns, classes = next_columns(successors, trips), successors.shape[1] + 1
        self._levels, contexts = [], None
        for k in range(1, self.order + 1):
            keys = self._keys(trips, contexts, k)
            steps = np.flatnonzero(keys >= 0)
            if not len(steps):
                break  # no trip is that long
            known, index = np.unique(keys[steps], return_inverse=True)
            cells = np.bincount(index * classes + columns[steps], minlength=len(known) * classes)
            self._levels.append(_Level(known, cells.reshape(len(known), classes)))
            contexts = self._levels[-1].find(keys)

    def distributions(self, trips):
        """What the chains predict after each link of trips.

        Args:
            trips: `Trips`.

        Yields:
            per order, from 1 on, a float64 array (steps of all trips, out-degree + 1): the
            probabilities of the successors of the link and, last, of the end of the path.
        """
        possible = with_end(self.successors)[trips.links] >= 0
        p, contexts = possible / possible.sum(axis=1, keepdims=True), None
        for k in range(1, self.order + 1):
            if k <= len(self._levels):
                level = self._levels[k - 1]
                contexts = level.find(self._keys(trips, contexts, k))
                counts = np.where(contexts[:, None] >= 0, level.counts[contexts], 0)
                kinds = (counts > 0).sum(axis=1, keepdims=True)
                total = counts.sum(axis=1, keepdims=True)
                seen = total > 0
                p = np.where(seen, (counts + kinds * p) / np.where(seen, total + kinds, 1), p)
            yield p

    def evaluate(self, trips):
        """The figures of each order on trips, the end of the path included.

        Args:
            trips: `Trips`, each step of which the graph has.

        Returns:
            list of dict, per order from 1 on: `accuracy`, the share of links after which the most
            probable is what follows, and `nats_per_link`, the mean negative log-likelihood.
        """
        return [
            {"accuracy": float(hits.mean()), "nats_per_link": float(nats.mean())}
            for nats, hits in self.losses(trips)
        ]

    def losses(self, trips):
        """The loss after each link of trips, the end of the path included.

        Args:
            trips: as for `evaluate`.

        Yields:
            per order, from 1 on, float64 and bool arrays (steps of all trips,): the negative
            log-likelihood of what follows, and whether it is the most probable.
        """
        columns = next_columns(self.successors, trips)
        for p in self.distributions(trips):
            yield -np.log(p[np.arange(len(p)), columns]), p.argmax(axis=1) == columns

    def _keys(self, trips, contexts, k):
        """int64 array (steps,), a number per context of k links; -1 for unknown or shorter ones.

        Args:
            contexts: indices of the contexts of k - 1 links, None for k = 1.
        """
        links = trips.links.astype("int64")
        if k == 1:
            return links
        before = np.concatenate([[-1], contexts[:-1]])
        # After the start, the context of k = 2 is the start and the first link.
        begins = len(self._levels[0].keys) if self.start and k == 2 else -1
        before[trips.offsets[:-1]] = begins
        return np.where(before >= 0, before * len(self.successors) + links, -1)
