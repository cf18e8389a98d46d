"""The taxi trips in Shanghai of Zhao and Liang (RCM-AIRL), matched to a map by them."""

import re

from rnnzoo.datasets.common.csv_table import number_in, read_rows
from rnnzoo.datasets.common.source import verified_bytes
from rnnzoo.datasets.common.utf8 import decoded
from rnnzoo.datasets.street_paths.sources import SOURCES
from rnnzoo.datasets.streets.checked_trips import checked_trips
from rnnzoo.datasets.streets.graph import Link, street_graph

LINKS, CROSSINGS, TRIPS = "edge.txt", "node.txt", "path.csv"
# A street of several names or classes is written as a Python list.
_QUOTED = re.compile(r"'([^']*)'")


def graph():
    """The `StreetGraph`, from the verified files."""
    links = decoded(verified_bytes(SOURCES["shanghai-links"]), LINKS)
    crossings = decoded(verified_bytes(SOURCES["shanghai-crossings"]), CROSSINGS)
    return parsed_graph(links, crossings)


def trips(graph):
    """The `Trips`, from the verified file."""
    return parsed_trips(decoded(verified_bytes(SOURCES["shanghai-trips"]), TRIPS), graph)


def parsed_graph(links, crossings):
    """The `StreetGraph` of both files.

    Args:
        links: str, `edge.txt`: columns `n_id`, `u`, `v`, `length` in metres, `name`, `highway`.
        crossings: str, `node.txt`: columns `osmid`, `y` (latitude), `x` (longitude).

    Raises:
        InputError: a column is missing, a cell is no number, or see `street_graph`.
    """
    positions = {
        row["osmid"]: tuple(number_in(CROSSINGS, row[key], number) for key in ("y", "x"))
        for number, row in read_rows(CROSSINGS, crossings, ("osmid", "y", "x"))
    }
    columns = ("n_id", "u", "v", "length", "name", "highway")
    return street_graph(
        LINKS,
        [
            Link(
                row["n_id"],
                row["u"],
                row["v"],
                number_in(LINKS, row["length"], number),
                " / ".join(_listed(row["name"])),
                next(iter(_listed(row["highway"])), ""),
            )
            for number, row in read_rows(LINKS, links, columns)
        ],
        positions,
    )


def parsed_trips(text, graph):
    """The `Trips` of `path.csv`, whose column `path` has ids of links joined by `_`.

    Raises:
        InputError: there is no such column, or see `checked_trips`.
    """
    rows = [row["path"] for _, row in read_rows(TRIPS, text, ("path",))]
    named = [(str(i), path.split("_") if path else []) for i, path in enumerate(rows)]
    return checked_trips(TRIPS, graph, named)


def _listed(text):
    return _QUOTED.findall(text) if text.startswith("[") else [text]
