"""A random choice among the outgoing links that avoids loops: the last row of [TH] table 6.1."""


def random_walk(graph, prefix, steps, rng):
    """Continues a path at random, and visits no crossing twice.

    Args:
        graph: `StreetGraph`.
        prefix: sequence of int, indices of links, one or more.
        steps: int, links to append; fewer where every way leads to a visited crossing.
        rng: `numpy.random.Generator`.

    Returns:
        list of int, indices of links, beginning with `prefix`.
    """
    successors, path = graph.successors(), [int(link) for link in prefix]
    visited = {int(graph.starts[path[0]]), *(int(graph.ends[link]) for link in path)}
    for _ in range(steps):
        choices = _open(graph, successors[path[-1]], visited)
        if not choices:
            break
        path.append(int(rng.choice(choices)))
        visited.add(int(graph.ends[path[-1]]))
    return path


def expected_accuracy(graph, trips):
    """The share of steps of trips that such a choice is expected to get right.

    After each link of a trip it chooses uniformly among the links to crossings that the trip has
    not visited yet; where there is none, the path ends. No walk is drawn.

    Args:
        graph: `StreetGraph`.
        trips: `Trips`.

    Returns:
        float; the ends of the paths are among the steps.
    """
    successors, right, steps = graph.successors(), 0.0, 0
    for trip in trips:
        visited = {int(graph.starts[trip[0]])}
        for link, following in zip(trip.tolist(), [*trip[1:].tolist(), None], strict=True):
            visited.add(int(graph.ends[link]))
            choices = _open(graph, successors[link], visited) or [None]
            right += (following in choices) / len(choices)
            steps += 1
    return right / steps


def _open(graph, following, visited):
    """Those of the successors of a link that lead to a crossing that is not visited."""
    return [int(link) for link in following if link >= 0 and int(graph.ends[link]) not in visited]
