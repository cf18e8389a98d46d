"""Trips from a user's `paths.csv`, in any of its four forms."""

from rnnzoo.datasets.common.csv_table import header_of, read_rows
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.streets.checked_trips import checked_trips

# The column that decides the form: a trip per line, or a link or crossing per row.
PER_TRIP, PER_STEP = ("links", "nodes"), ("link", "node")
ACCEPTED = (
    "give a column 'links' or 'nodes' with a trip per line, its ids separated by spaces, or the "
    "columns 'trip' and 'link', or 'trip' and 'node', with a row per step"
)


def read_paths(name, text, graph):
    """The `Trips` of a CSV file.

    Args:
        name: str or path, the name of the file in messages.
        text: str, in one of these forms: a column `links` or `nodes` with the ids of a trip,
            separated by spaces, and optionally `trip`, its name; or the columns `trip` and `link`
            or `node` with one id per row, the rows of a trip in order.
        graph: `StreetGraph`.

    Raises:
        InputError: the columns fit no form or several, a trip's name is empty or there twice, or
            see `checked_trips`.
    """
    header = header_of(name, text)
    columns = [column for column in (*PER_TRIP, *PER_STEP) if column in header]
    if len(columns) != 1:
        present = " and ".join(columns) or shown(", ".join(header))
        raise InputError(f"{name} has the columns {present}: {ACCEPTED}")
    (column,) = columns
    if column in PER_TRIP:
        return checked_trips(name, graph, _a_trip_per_line(name, text, column), column)
    if "trip" not in header:
        raise InputError(f"{name} has a column {column!r} and no 'trip': {ACCEPTED}")
    return checked_trips(name, graph, _a_step_per_row(name, text, column), f"{column}s")


def _a_trip_per_line(name, text, column):
    trips = {}
    for number, row in read_rows(name, text, (column,), ("trip",)):
        trip = row.get("trip", str(number))
        _check_name(name, trip, number)
        if trip in trips:
            raise InputError(
                f"{name} has the trip {shown(trip)} twice (row {number}): give each name once"
            )
        trips[trip] = row[column].split()
    return list(trips.items())


def _a_step_per_row(name, text, column):
    trips = {}
    for number, row in read_rows(name, text, ("trip", column)):
        _check_name(name, row["trip"], number)
        ids = trips.setdefault(row["trip"], [])
        if not row[column]:
            raise InputError(f"{name} has an empty {column!r} in row {number}: give an identifier")
        ids.append(row[column])
    return list(trips.items())


def _check_name(name, trip, number):
    if not trip:
        raise InputError(f"{name} has an empty 'trip' in row {number}: give the trip's name")
