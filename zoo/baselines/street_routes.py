"""The shortest route by length to a known destination."""

import numpy as np

from rnnzoo.datasets.streets.next_links import next_columns

CHUNK = 64  # destinations at a time: their distances are an array (destinations, crossings)


class ShortestRoutes:
    """Shortest routes between links of a street graph, with Dijkstra's algorithm.

    Args:
        graph: `StreetGraph`.
    """

    def __init__(self, graph):
        from scipy.sparse import csr_array

        self.graph, self.successors = graph, graph.successors()
        # The shortest of parallel links: a matrix would add them up.
        self._shortest = graph.shortest_links()
        starts, ends = np.array(list(self._shortest)).T
        lengths = graph.lengths[list(self._shortest.values())]
        size = len(graph.nodes)
        self._reversed = csr_array((lengths, (ends, starts)), (size, size))

    def route(self, origin, destination):
        """The shortest route, both links included.

        Args:
            origin, destination: int, indices of links.

        Returns:
            list of int, indices of links; None if the destination cannot be reached.
        """
        if origin == destination:
            return [origin]
        _, after = self._distances([self.graph.starts[destination]])
        node, links = int(self.graph.ends[origin]), [origin]
        while node != self.graph.starts[destination]:
            following = int(after[0, node])
            if following < 0:
                return None
            links.append(self._shortest[node, following])
            node = following
        return [*links, destination]

    def routes(self, trips):
        """list of what `route` returns, from the first link of each of `Trips` to its last."""
        return [self.route(int(trip[0]), int(trip[-1])) for trip in trips]

    def predictions(self, trips):
        """The step that begins a shortest route to the last link of the trip.

        Args:
            trips: `Trips`.

        Returns:
            int64 array (steps of all trips,), columns as `next_columns` returns them; the end of
            the path at the destination.
        """
        goals = np.repeat(trips.links[trips.offsets[1:] - 1], trips.lengths)
        targets, index = np.unique(self.graph.starts[goals], return_inverse=True)
        columns = np.full(len(goals), self.successors.shape[1])
        for first in range(0, len(targets), CHUNK):
            distances, _ = self._distances(targets[first : first + CHUNK])
            rows = (index >= first) & (index < first + CHUNK) & (trips.links != goals)
            candidates = self.successors[trips.links[rows]]
            metres = distances[index[rows, None] - first, self.graph.ends[candidates]]
            metres = metres + self.graph.lengths[candidates]
            metres = np.where(candidates == goals[rows, None], 0, metres)
            metres = np.where(candidates >= 0, metres, np.inf)
            columns[rows] = metres.argmin(axis=1)
        return columns

    def accuracy(self, trips):
        """float, the share of links after which `predictions` is what follows."""
        return float((self.predictions(trips) == next_columns(self.successors, trips)).mean())

    def _distances(self, targets):
        """(metres, next crossing) of each crossing on the way to targets, (targets, crossings)."""
        from scipy.sparse.csgraph import dijkstra

        return dijkstra(self._reversed, indices=targets, return_predecessors=True)


def overlap(routes, trips, weights=None):
    """Mean precision and recall of routes against trips, over the links that they have in common.

    Args:
        routes: list of list of int, indices of links; None where there is no route.
        trips: `Trips`, the true routes.
        weights: float array (links,), such as lengths; None, to count links.

    Returns:
        dict of `precision`, the share of the route that the trip also takes, `recall`, the share of
        the trip that is on the route, both 0 where there is no route, and `identical`, the share
        of routes that are the trip.
    """
    rows = []
    for route, trip in zip(routes, trips, strict=True):
        route = route or []
        common = _weight(set(route) & set(trip.tolist()), weights)
        precision = common / max(_weight(set(route), weights), 1e-9)
        recall = common / max(_weight(set(trip.tolist()), weights), 1e-9)
        rows.append((precision, recall, route == trip.tolist()))
    precision, recall, identical = np.mean(rows, axis=0).tolist()
    return {"precision": precision, "recall": recall, "identical": identical}


def _weight(links, weights):
    return len(links) if weights is None else float(weights[list(links)].sum())
