"""What follows each link of a trip, as a column: one of the outgoing links, or the end."""

import numpy as np


def next_columns(successors, trips):
    """The column of what follows each link of trips.

    Args:
        successors: int array (links, out-degree), as `StreetGraph.successors` returns it.
        trips: `Trips`, each step of which the graph has.

    Returns:
        int64 array (steps of all trips,): the column in which `successors` has the next link, and
        the out-degree, one column more, for the end of the path.

    Example:

    >>> from rnnzoo.datasets.streets.trips import Trips
    >>> successors = np.array([[1, 2], [0, -1], [-1, -1]])
    >>> next_columns(successors, Trips.of([[0, 1, 0, 2], [1]], "ab")).tolist()
    [0, 0, 1, 2, 2]
    """
    following = np.append(trips.links[1:], -1)
    columns = (successors[trips.links] == following[:, None]).argmax(axis=1)
    columns[trips.offsets[1:] - 1] = successors.shape[1]
    return columns
