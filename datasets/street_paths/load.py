"""The prepared trips, and the graphs."""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.prepare import numpy_examples, prepared
from rnnzoo.datasets.common.splits import check_split
from rnnzoo.datasets.street_paths import bologna, shanghai, turin
from rnnzoo.datasets.street_paths.sources import SOURCES
from rnnzoo.datasets.streets.graph import StreetGraph
from rnnzoo.datasets.streets.splits import BY
from rnnzoo.datasets.streets.trips import Trips

GRAPHS = {"shanghai": shanghai, "bologna": bologna, "turin": turin}
TRIP_SOURCES = {"shanghai": "shanghai-trips", "bologna": "bologna-routes"}


def source(city):
    """The `Source` of a city's trips.

    Raises:
        InputError: no such city, or it has no published trips.
    """
    _check_city(city)
    return SOURCES[TRIP_SOURCES[city]]


def load_graph(city):
    """The `StreetGraph` of `"shanghai"`, `"bologna"` or `"turin"`, which has no trips.

    Raises:
        InputError: no such city, or its files cannot be had.
    """
    if city not in GRAPHS:
        raise InputError(f"unknown city {city!r}: choose one of {', '.join(GRAPHS)}")
    return GRAPHS[city].graph()


def load_street_paths(city="shanghai", split="train", by="trip", folder=None):
    """Prepares the trips with TFDS where that is not done yet, and reads a split.

    Args:
        city: str, `"shanghai"` or `"bologna"`; or `"own"`: a user's, of `folder`.
        split: str, `"train"`, `"validation"`, `"test"`, or several joined with `+`.
        by: str, `"trip"`, where identical trips are on both sides, or `"distinct"`, see
            `rnnzoo.datasets.streets.splits.split_trips`.
        folder: str or path of a folder with `edges.csv` and `paths.csv`, for `"own"`.

    Returns:
        (`StreetGraph`, `Trips`).

    Raises:
        InputError: no such city, split or way to split, or the data cannot be had or is faulty.
    """
    check_split(split)
    if by not in BY:
        raise InputError(f"by is {by!r}: choose one of {', '.join(BY)}")
    if (city == "own") != (folder is not None):
        raise InputError(f"folder is {folder}: give one for the city 'own', and for no other")
    if city != "own":
        _check_city(city)
    from rnnzoo.datasets.street_paths.street_paths_dataset_builder import (
        Builder,
        StreetPathsConfig,
    )

    config = city if by == "trip" else f"{city}-{by}"
    if city == "own":
        config = StreetPathsConfig.of_folder(folder, by)
    builder = prepared(Builder, config)
    graph = StreetGraph.from_dict(builder.info.metadata["graph"])
    examples = numpy_examples(builder, split)
    names = [example["trip"].decode() for example in examples]
    return graph, Trips.of([example["links"] for example in examples], names)


def _check_city(city):
    if city not in TRIP_SOURCES:
        raise InputError(
            f"unknown trips {city!r}: choose one of {', '.join(TRIP_SOURCES)}; Turin has a graph "
            "without trips"
        )
