"""A path on a map: what drawings and pages of maps take."""

from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown

# Matplotlib's "tab10" without its grey, which is the colour of the streets.
COLOURS = (
    "#1f77b4", "#d62728", "#2ca02c", "#ff7f0e", "#9467bd", "#17becf", "#e377c2", "#8c564b",
    "#bcbd22",
)  # fmt: skip
PREFIX = "#000000"


@dataclass(frozen=True)
class DrawnPath:
    """A path of a map.

    Args:
        title: str, of the legend.
        links: list of int, indices of links.
        colour: str, `"#rrggbb"`.
        notes: list of str, a further line on each link where a map shows one; or empty.
    """

    title: str
    links: list
    colour: str
    notes: tuple = ()


def segments(graph, links):
    """float array (links, 2, 2): latitude and longitude of both ends of links."""
    links = np.asarray(links, "int64")
    return graph.positions[np.stack([graph.starts[links], graph.ends[links]], axis=1)]


def placed_links(graph):
    """int array, the indices of links whose ends both have a position.

    Raises:
        InputError: there is none.
    """
    known = ~np.isnan(segments(graph, np.arange(len(graph)))).any(axis=(1, 2))
    if not known.any():
        raise InputError(
            "no link of the graph has the positions of both crossings: a map needs the columns lat "
            "and lon in edges.csv, and to_lat and to_lon of crossings at which no link begins"
        )
    return np.flatnonzero(known)


def check_placed(graph, paths):
    """Refuses paths that cannot be drawn.

    Args:
        graph: `StreetGraph`.
        paths: list of `DrawnPath`.

    Returns:
        int array, see `placed_links`.

    Raises:
        InputError: a crossing of a path, or every crossing, has no position.
    """
    drawn = placed_links(graph)
    placed = set(drawn.tolist())
    for link in (link for path in paths for link in path.links):
        if link not in placed:
            raise InputError(
                f"the link {shown(graph.ids[link])} has a crossing without a position: give lat "
                "and lon of every crossing in edges.csv, to_lat and to_lon where no link begins"
            )
    return drawn
