"""The dataset of a path predictor: a street graph, and trips of three splits."""

import hashlib
import json
from dataclasses import dataclass

from rnnzoo.datasets.common.atomic_write import write_text
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.street_paths.load import load_street_paths
from rnnzoo.datasets.street_paths.sources import SOURCES
from rnnzoo.datasets.streets.graph import StreetGraph, check_connected
from rnnzoo.datasets.streets.reader import read_city
from rnnzoo.datasets.streets.splits import split_trips
from rnnzoo.datasets.streets.trips import Trips

OWN = "streets-"  # the names of users' cities begin with


@dataclass(frozen=True)
class StreetData:
    """A graph and trips.

    Args:
        name: str.
        sha256: str.
        graph: `StreetGraph`.
        trips: dict from split to `Trips`.
    """

    name: str
    sha256: str
    graph: StreetGraph
    trips: dict


def of_city(city, by):
    """The `StreetData` of a published city.

    Args:
        city: str, `"shanghai"` or `"bologna"`.
        by: str, see `rnnzoo.datasets.streets.splits.split_trips`.
    """
    parts = {split: load_street_paths(city, split, by) for split in SPLITS}
    trips = {split: trips for split, (_, trips) in parts.items()}
    return StreetData(city, city_sha256(city), parts["train"][0], trips)


def city_sha256(city):
    """The sha256 of the digests of a city's files, str."""
    digests = [source.sha256 for name, source in SOURCES.items() if name.startswith(f"{city}-")]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def of_folder(folder, by):
    """The `StreetData` of a user's city, which is copied into the cache, by its sha256.

    Raises:
        InputError: see `rnnzoo.datasets.streets.reader.read_city` and `split_trips`.
    """
    graph, trips = read_city(folder)
    check_connected(graph)
    values = {
        "graph": graph.to_dict(),
        "names": trips.names,
        "trips": [trip.tolist() for trip in trips],
    }
    text = json.dumps(values, ensure_ascii=False)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    data = _split(sha256, graph, trips, by)
    if not _user_path(sha256).is_file():
        write_text(_user_path(sha256), text)
    return data


def stored(name, sha256, by):
    """The `StreetData` that `of_city` or `of_folder` returned, by its name and sha256."""
    values = _user_values(name, sha256)
    if values is None:
        return of_city(name, by)
    graph = StreetGraph.from_dict(values["graph"])
    return _split(sha256, graph, Trips.of(values["trips"], values["names"]), by)


def graph_of(name, sha256):
    """The `StreetGraph` of stored data, see `stored`."""
    values = _user_values(name, sha256)
    if values is None:
        return load_street_paths(name, "validation")[0]
    return StreetGraph.from_dict(values["graph"])


def _user_values(name, sha256):
    """What `of_folder` stored, a dict; None for a published city."""
    if _user_path(sha256).is_file():
        return json.loads(_user_path(sha256).read_text(encoding="utf-8"))
    if name.startswith(OWN):
        raise InputError(f"the city {name} is no longer in the cache: give its folder with --data")
    return None


def _split(sha256, graph, trips, by):
    # Not the folder's name: the same city in another folder is the same data.
    parts = {split: trips.select(rows) for split, rows in split_trips(trips, by).items()}
    return StreetData(f"{OWN}{sha256[:16]}", sha256, graph, parts)


def _user_path(sha256):
    """The path of a user's city in the cache."""
    return cache_dir() / "streets" / f"{sha256}.json"
