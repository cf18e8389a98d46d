"""A street graph from a user's `edges.csv`."""

from rnnzoo.datasets.common.csv_table import read_rows
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.numbers import number_of
from rnnzoo.datasets.streets.graph import Link, street_graph

REQUIRED = ("id", "from", "to", "length")
OPTIONAL = ("lat", "lon", "to_lat", "to_lon", "name", "class")
LIMITS = {"lat": 90, "lon": 180}  # degrees


def read_edges(name, text):
    """The `StreetGraph` of a CSV file with a row per link.

    Args:
        name: str or path, the name of the file in messages.
        text: str with the columns `id`, `from`, `to`, `length` in metres, and optional ones: `lat`
            and `lon`, degrees of the crossing at which the link begins, `to_lat` and `to_lon`, of
            the one at which it ends, `name`, `class`. A street
            of both directions is two rows.

    Raises:
        InputError: a column is missing, a cell is no number, two rows have different positions for
            one crossing, or see `street_graph`.
    """
    links, positions = [], {}
    for number, row in read_rows(name, text, REQUIRED, OPTIONAL):
        where = f"of the link {shown(row['id'])} (row {number})"
        length = number_of(row["length"])
        if length is None:
            raise InputError(
                f"{name} has the length {shown(row['length'])} {where}: give metres, such as 83.5"
            )
        for end, prefix in (("from", ""), ("to", "to_")):
            position = _position(name, row, where, prefix)
            if position is None:
                continue
            other = positions.setdefault(row[end], position)
            if other != position:
                raise InputError(
                    f"{name} has the position {position} {where} and {other} before, both of the "
                    f"crossing {shown(row[end])}: give one position per crossing"
                )
        links.append(
            Link(
                row["id"],
                row["from"],
                row["to"],
                length,
                row.get("name", ""),
                row.get("class", ""),
            )
        )
    return street_graph(name, links, positions)


def _position(name, row, where, prefix):
    """(latitude, longitude) of the columns with a prefix, or None where the row has neither."""
    cells = [row.get(prefix + column, "") for column in LIMITS]
    if not any(cells):
        return None
    degrees = tuple(number_of(cell) for cell in cells)
    for column, cell, value in zip(LIMITS, cells, degrees, strict=True):
        limit = LIMITS[column]
        if value is None or not -limit <= value <= limit:
            raise InputError(
                f"{name} has the {prefix}{column} {shown(cell)} {where}: give degrees from "
                f"-{limit} to {limit}, or leave both {prefix}lat and {prefix}lon empty"
            )
    return degrees
