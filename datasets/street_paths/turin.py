"""The street graph of Turin's centre, without trips.

The 531 crossings of [TH] 6.2 and the paths of its walkers were given to its author by a telephone
company and cannot be had. This is an extract of OpenStreetMap of the same streets; it is read from
`RNNZOO_DATA_DIR` and has no published address.
"""

from collections import Counter

from rnnzoo.datasets.common.csv_table import number_in, read_rows
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import data_dir
from rnnzoo.datasets.common.utf8 import decoded
from rnnzoo.datasets.streets.graph import Link, street_graph

CROSSINGS, STREETS = "roads/turin_nodes.csv", "roads/turin_edges.csv"


def graph():
    """The `StreetGraph`, each street in both directions, as walkers go.

    Raises:
        InputError: `RNNZOO_DATA_DIR` is not set or has no such files, or see `parsed_graph`.
    """
    folder = data_dir()
    texts = []
    for path in (CROSSINGS, STREETS):
        if folder is None or not (folder / path).is_file():
            raise InputError(
                f"there is no {path} in RNNZOO_DATA_DIR={folder}: put an extract of OpenStreetMap "
                "there, columns osm_id,lat,lon and u,v,length_m,name"
            )
        texts.append(decoded((folder / path).read_bytes(), path))
    return parsed_graph(*texts)


def parsed_graph(crossings, streets):
    """The `StreetGraph` of both files; the link from u to v has the id `u-v`, a second one `u-v-2`.

    Args:
        crossings: str, CSV with the columns `osm_id`, `lat`, `lon`.
        streets: str, CSV with the columns `u`, `v`, `length_m`, `name`, a row for both directions.

    Raises:
        InputError: a column is missing, a cell is no number, or see `street_graph`.
    """
    positions = {
        row["osm_id"]: tuple(number_in(CROSSINGS, row[key], number) for key in ("lat", "lon"))
        for number, row in read_rows(CROSSINGS, crossings, ("osm_id", "lat", "lon"))
    }
    links, parallel = [], Counter()
    for number, row in read_rows(STREETS, streets, ("u", "v", "length_m", "name")):
        length = number_in(STREETS, row["length_m"], number)
        for start, end in dict.fromkeys([(row["u"], row["v"]), (row["v"], row["u"])]):
            parallel[start, end] += 1
            nth = parallel[start, end]
            suffix = f"-{nth}" if nth > 1 else ""
            links.append(Link(f"{start}-{end}{suffix}", start, end, length, row["name"]))
    return street_graph(STREETS, links, positions)
