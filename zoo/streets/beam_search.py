"""The most probable paths to known destinations, by beam search."""

import keras
import numpy as np
from keras import ops

from rnnzoo.datasets.common.arguments import whole
from rnnzoo.streets.continuation import log_softmax, read

FEWEST = 10  # links that a path may be longer than the one of the fewest links, at least
# Paths that are searched at once, and distances to their destinations: bound memory.
TRIPS, MOST_DISTANCES = 512, 2**24


def routes(model, prefixes, destinations, beams):
    """Paths that begin with prefixes and lead to their destinations.

    A beam may only follow links from which the destination can be reached with the links that are
    left: twice as many as the shortest path has, or ten more. So a path leads there whenever there
    is a way.

    Args:
        model: `PathPredictor`.
        prefixes: list of list of int, the indices of the first link or more of each path.
        destinations: int array (paths,), indices of links.
        beams: int, paths that are kept per step and prefix.

    Returns:
        list of list of int, indices of links, prefix and destination included; None where there is
        no way.

    Raises:
        InputError: `beams` is no whole number of at least 1.
    """
    beams, paths = whole("beams", beams), []
    size = max(1, min(TRIPS, MOST_DISTANCES // len(model.graph)))
    for first in range(0, len(prefixes), size):
        part = slice(first, first + size)
        paths += _Search(model, prefixes[part], destinations[part], beams).run()
    return paths


def links_to(successors, destinations):
    """How many more links lead to each destination.

    Args:
        successors: int array (links, out-degree), see `StreetGraph.successors`.
        destinations: int array (destinations,), indices of links.

    Returns:
        int32 array (destinations, links): 0 at the destination, -1 where there is no way.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    links, columns = np.nonzero(successors >= 0)
    following = successors[links, columns]
    size = (len(successors), len(successors))
    reverse = csr_array((np.ones(len(links), "int8"), (following, links)), size)
    left = dijkstra(reverse, indices=destinations, unweighted=True)
    return np.where(np.isfinite(left), left, -1).astype("int32")


class _Search:
    """A search of several paths at once, `beams` per path, row after row."""

    def __init__(self, model, prefixes, destinations, beams):
        self._model, self._beams = model, beams
        self._prefixes, self._destinations = prefixes, destinations
        self._origins = np.array([prefix[-1] for prefix in prefixes])
        goals, self._row = np.unique(destinations, return_inverse=True)
        self._left = links_to(model.candidates[:, :-1], goals)
        shortest = self._left[self._row, self._origins]
        self._reachable = shortest >= 0
        # Links that each path may still append.
        self._budget = np.where(self._reachable, shortest + np.maximum(shortest, FEWEST), 0)

    def run(self):
        count, beams = len(self._origins), self._beams
        best, ended = np.full(count, -np.inf), [None] * count
        scores = np.full((count, beams), -np.inf)
        scores[self._reachable, 0] = 0.0
        paths = np.repeat(self._origins[:, None, None], beams, axis=1)
        logits, states = read(self._model, self._prefixes, self._destinations)
        logits = np.repeat(logits, beams, axis=0)
        states = _map(lambda part: ops.repeat(part, beams, axis=0), states)
        for step in range(int(self._budget.max(initial=0)) + 1):
            logs = log_softmax(logits).reshape(count, beams, -1)
            last = paths[:, :, -1]
            arrived = last == self._destinations[:, None]
            finished = np.where(arrived, scores + logs[:, :, -1], -np.inf)
            column = finished.argmax(axis=1)
            for row in np.flatnonzero(finished.max(axis=1) > best):
                best[row] = finished[row, column[row]]
                links = paths[row, column[row], 1:].tolist()
                ended[row] = [*self._prefixes[row], *links]
            scores, source, following = self._extended(scores, logs, last, step)
            scores[scores <= best[:, None]] = -np.inf  # a longer path is less probable
            if not np.isfinite(scores).any():
                break
            rows = np.arange(count)[:, None]
            paths = np.concatenate([paths[rows, source], following[:, :, None]], axis=2)
            flat = (rows * beams + source).ravel()
            states = _map(lambda part, flat=flat: ops.take(part, flat, axis=0), states)
            goals = np.repeat(self._destinations, beams)
            inputs = np.stack([following.ravel(), goals], axis=1).astype("int32")
            logits, states = self._model.compiled_step(inputs, states)
            logits = ops.convert_to_numpy(logits)
        return ended

    def _extended(self, scores, logs, links, step):
        """(scores, indices of the beams before, links) of the best beams, each (paths, beams)."""
        candidates = self._model.candidates[links][:, :, :-1]
        left = self._left[self._row[:, None, None], candidates]
        budget = (self._budget - step - 1)[:, None, None]
        allowed = (candidates >= 0) & (left >= 0) & (left <= budget)
        total = np.where(allowed, scores[:, :, None] + logs[:, :, :-1], -np.inf)
        total = total.reshape(len(total), -1)
        order = np.argsort(-total, axis=1, kind="stable")[:, : self._beams]
        rows = np.arange(len(total))[:, None]
        following = np.maximum(candidates.reshape(len(total), -1)[rows, order], 0)
        return total[rows, order], order // candidates.shape[2], following


def _map(function, states):
    return keras.tree.map_structure(function, states)
