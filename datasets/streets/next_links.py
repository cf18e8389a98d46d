"""What follows each link of a trip, as a column: one of the outgoing links, or the end."""

import numpy as np


def with_end(successors):
    """The classes that can follow each link: its successors, and the end of the path.

    Args:
        successors: int array (links, out-degree), as `StreetGraph.successors` returns it.

    Returns:
        int32 array (links, out-degree + 1): `successors`, and a last column with the class of the
        end, which is the number of links.

    Example:

    >>> with_end(np.array([[1, 2], [0, -1], [-1, -1]])).tolist()
    [[1, 2, 3], [0, -1, 3], [-1, -1, 3]]
    """
    end = np.full((len(successors), 1), len(successors))
    return np.concatenate([successors, end], axis=1).astype("int32")


def next_columns(successors, trips):
    """The column of what follows each link of trips.

    Args:
        successors: int array (links, out-degree), as `StreetGraph.successors` returns it.
        trips: `Trips`, each step of which the graph has.

    Returns:
        int64 array (steps of all trips,): the column in which `with_end(successors)` has what
        follows.

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
