"""A street graph: crossings (nodes), and one-way links between them."""

import math
from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown


@dataclass(frozen=True)
class Link:
    """A link as a file has it: one way of a street between two crossings.

    Args:
        id: str.
        start, end: str, ids of crossings.
        length: float, metres.
        name: str, of the street; empty where it is not known.
        road_class: str, such as `"residential"`; empty where it is not known.
    """

    id: str
    start: str
    end: str
    length: float
    name: str = ""
    road_class: str = ""


@dataclass(frozen=True)
class StreetGraph:
    """Links and crossings, numbered from 0; link j can follow link i if j starts where i ends.

    Args:
        ids: list of str (links,).
        starts, ends: int32 arrays (links,), indices of crossings.
        lengths: float64 array (links,), metres.
        names, road_classes: lists of str (links,).
        nodes: list of str (crossings,), their ids.
        positions: float64 array (crossings, 2), latitude and longitude in degrees; NaN where
            unknown.
    """

    ids: list
    starts: np.ndarray
    ends: np.ndarray
    lengths: np.ndarray
    names: list
    road_classes: list
    nodes: list
    positions: np.ndarray

    def __len__(self):
        return len(self.ids)

    @property
    def index(self):
        """dict from a link's id to its index."""
        return {link: index for index, link in enumerate(self.ids)}

    def successors(self):
        """int32 array (links, largest out-degree): the links that can follow each, then -1."""
        order = np.argsort(self.starts, kind="stable")
        degree = np.bincount(self.starts, minlength=len(self.nodes))
        first = np.cumsum(degree) - degree
        column = np.arange(degree[self.ends].max(initial=0))
        row = np.minimum(first[self.ends, None] + column, len(order) - 1)
        return np.where(column < degree[self.ends, None], order[row], -1).astype("int32")

    def shortest_links(self):
        """dict from (start, end), indices of crossings, to the index of the shortest link."""
        shortest = {}
        for link in self.lengths.argsort(kind="stable").tolist():
            shortest.setdefault((int(self.starts[link]), int(self.ends[link])), link)
        return shortest

    def to_dict(self):
        """The graph as JSON values, see `from_dict`; unknown positions are None."""
        return {
            "links": [
                [link, int(start), int(end), float(length), name, road_class]
                for link, start, end, length, name, road_class in zip(
                    self.ids,
                    self.starts,
                    self.ends,
                    self.lengths,
                    self.names,
                    self.road_classes,
                    strict=True,
                )
            ],
            "nodes": self.nodes,
            "positions": [
                None if np.isnan(position).any() else position.tolist()
                for position in self.positions
            ],
        }

    @classmethod
    def from_dict(cls, values):
        """The `StreetGraph` of which `to_dict` returned `values`."""
        ids, starts, ends, lengths, names, road_classes = zip(*values["links"], strict=True)
        positions = [position or (math.nan, math.nan) for position in values["positions"]]
        return cls(
            list(ids),
            np.array(starts, "int32"),
            np.array(ends, "int32"),
            np.array(lengths, "float64"),
            list(names),
            list(road_classes),
            list(values["nodes"]),
            np.array(positions, "float64").reshape(-1, 2),
        )


def street_graph(name, links, positions=None):
    """The `StreetGraph` of checked links.

    Args:
        name: str or path, the name of the data in messages.
        links: list of `Link`.
        positions: dict from a crossing's id to (latitude, longitude) in degrees; crossings without
            an entry are unknown.

    Raises:
        InputError: there is no link, an id is empty or there twice, a length is no distance in
            metres, or a loop has no length.
    """
    if not links:
        raise InputError(f"{name} has no link: give one link or more")
    known = set()
    for link in links:
        _check(name, link, known)
        known.add(link.id)
    nodes = list(dict.fromkeys(node for link in links for node in (link.start, link.end)))
    index = {node: number for number, node in enumerate(nodes)}
    unknown = (math.nan, math.nan)
    return StreetGraph(
        [link.id for link in links],
        np.array([index[link.start] for link in links], "int32"),
        np.array([index[link.end] for link in links], "int32"),
        np.array([link.length for link in links], "float64"),
        [link.name for link in links],
        [link.road_class for link in links],
        nodes,
        np.array([(positions or {}).get(node, unknown) for node in nodes], "float64"),
    )


def check_connected(graph):
    """Refuses a graph in which nothing can be predicted.

    Raises:
        InputError: no link begins where another ends.
    """
    if not graph.successors().size:
        raise InputError("no link of the graph begins where another ends: give connected links")


def _check(name, link, known):
    for what, value in (("id", link.id), ("from", link.start), ("to", link.end)):
        if not value:
            raise InputError(f"{name} has an empty {what!r} of the link {shown(link.id)}: give one")
    if link.id in known:
        raise InputError(f"{name} has the link {shown(link.id)} twice: give each id once")
    if not 0 <= link.length < math.inf:
        raise InputError(
            f"{name} has the length {link.length:g} of the link {shown(link.id)}: give metres, "
            "a number of at least 0"
        )
    if link.start == link.end and link.length == 0:
        raise InputError(
            f"{name} has the link {shown(link.id)}, a loop of length 0 at {shown(link.start)}: "
            "give its length in metres, or leave it out"
        )
