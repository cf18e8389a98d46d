"""Trips as ids of links or crossings, checked against a graph."""

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.streets.trips import Trips

FORMS = ("links", "nodes")
MOST_NEXT = 5  # links that a message lists

# Templates of messages, which an exported graph fills too.
EMPTY = "{path} without a {what}: give one {what} or more"
UNKNOWN = "the {what} {link} in {path}: give an id of the graph's {size} {what}s, such as {first}"
NO_STEP = (
    "the step from {start} to {end} in {path}, which the graph does not have: {start} is followed "
    "by {accepted}"
)
MORE = " and {rest} more"
DESTINATION = "the destination"  # `path` of the last link of a trip, where it is known


def checked_trips(name, graph, trips, form="links"):
    """The `Trips` of ids.

    Args:
        name: str or path, the name of the data in messages.
        graph: `StreetGraph`.
        trips: list of (str, the trip's name; list of str, its ids in order).
        form: str, what the ids are: `"links"`, or `"nodes"`, two crossings or more; of parallel
            links between two crossings the shortest is taken.

    Raises:
        InputError: a trip is empty, has an unknown id or a step that the graph does not have. The
            message describes the first such trip and has the number of the others.
    """
    if not trips:
        raise InputError(f"{name} has no trip: give one trip or more")
    resolve = _links_of_nodes(graph) if form == "nodes" else links_of_ids(graph)
    sequences, faults = [], []
    for trip, ids in trips:
        try:
            sequences.append(resolve(f"the trip {shown(trip)}", ids))
        except InputError as fault:
            faults.append(fault)
    if faults:
        others = len(faults) - 1
        more = f" (and {others} more trip{'s' * (others > 1)} with a fault)" if others else ""
        raise InputError(f"{name} has {faults[0]}{more}")
    return Trips.of(sequences, [trip for trip, _ in trips])


def links_of_ids(graph):
    """Function from the words for a path, such as "the path", and its ids to indices of links.

    It raises an `InputError` whose message begins with what is wrong, see `checked_trips`.
    """
    index, successors = graph.index, graph.successors()

    def resolve(trip, ids):
        if not ids:
            raise InputError(EMPTY.format(path=trip, what="link"))
        links = [index.get(link) for link in ids]
        _check_known(trip, ids, links, "link", graph.ids)
        for link, following in zip(links, links[1:], strict=False):
            if graph.ends[link] != graph.starts[following]:
                after = [graph.ids[i] for i in successors[link] if i >= 0]
                raise _no_step(trip, graph.ids[link], graph.ids[following], after)
        return links

    return resolve


def _links_of_nodes(graph):
    """Function from the words for a path and its ids of crossings to the indices of links."""
    index = {node: number for number, node in enumerate(graph.nodes)}
    shortest, after = graph.shortest_links(), {}
    for start, end in shortest:
        after.setdefault(start, set()).add(end)

    def resolve(trip, ids):
        if len(ids) < 2:
            raise InputError(f"{trip} with {len(ids)} crossings: give two crossings or more")
        nodes = [index.get(node) for node in ids]
        _check_known(trip, ids, nodes, "crossing", graph.nodes)
        steps = list(zip(nodes, nodes[1:], strict=False))
        for start, end in steps:
            if (start, end) not in shortest:
                following = [graph.nodes[i] for i in sorted(after.get(start, ()))]
                raise _no_step(trip, graph.nodes[start], graph.nodes[end], following)
        return [shortest[step] for step in steps]

    return resolve


def _check_known(trip, ids, numbers, what, known):
    for name, number in zip(ids, numbers, strict=True):
        if number is None:
            first, size = shown(known[0]), len(known)
            raise InputError(
                UNKNOWN.format(what=what, link=shown(name), path=trip, size=size, first=first)
            )


def _no_step(trip, start, end, after):
    after = [shown(link) for link in after]
    accepted = "nothing" if not after else ", ".join(after[:MOST_NEXT])
    if len(after) > MOST_NEXT:
        accepted += MORE.format(rest=len(after) - MOST_NEXT)
    return InputError(
        NO_STEP.format(start=shown(start), end=shown(end), path=trip, accepted=accepted)
    )
