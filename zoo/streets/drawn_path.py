"""A path on a map: what drawings and pages of maps take."""

from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.common.errors import InputError

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


def check_positions(graph):
    """Refuses a graph that cannot be drawn.

    Raises:
        InputError: a crossing has no position.
    """
    unknown = np.isnan(graph.positions).any(axis=1)
    if unknown.any():
        node = graph.nodes[int(unknown.argmax())]
        raise InputError(
            f"{int(unknown.sum())} of {len(graph.nodes)} crossings have no position, such as "
            f"{node!r}: a map needs lat and lon of every crossing in edges.csv"
        )
