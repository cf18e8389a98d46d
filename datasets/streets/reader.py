"""A user's city: a file of links and a file of trips."""

from pathlib import Path

from rnnzoo.datasets.common.paths import check_file
from rnnzoo.datasets.common.utf8 import decoded
from rnnzoo.datasets.streets.edges_csv import read_edges
from rnnzoo.datasets.streets.paths_csv import read_paths

EDGES, PATHS = "edges.csv", "paths.csv"


def read_city(folder):
    """(`StreetGraph`, `Trips`) of a folder with `edges.csv` and `paths.csv`.

    Args:
        folder: str or path.

    Raises:
        InputError: a file cannot be read, or see `read_edges` and `read_paths`.
    """
    edges, paths = (file_bytes(folder, file) for file in (EDGES, PATHS))
    return city_of(edges, paths)


def file_bytes(folder, file):
    """The bytes of a file of a city's folder.

    Raises:
        InputError: it cannot be read.
    """
    path = Path(folder) / file
    check_file(path, f"give a folder with {EDGES} and {PATHS}")
    return path.read_bytes()


def city_of(edges, paths):
    """(`StreetGraph`, `Trips`) of the bytes of both files, see `read_city`."""
    graph = read_edges(EDGES, decoded(edges, EDGES))
    return graph, read_paths(PATHS, decoded(paths, PATHS), graph)
