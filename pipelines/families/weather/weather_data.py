"""The dataset of a weather forecaster: a series per place, split by time."""

from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core.series_store import store, stored_series

OWN = "weather-"  # the names of users' places begin with
SHARES = {"train": 0.7, "validation": 0.1, "test": 0.2}
LEAST = 5 * 365  # days of a user's place: two years are history, and each split has some


@dataclass(frozen=True)
class WeatherData:
    """Series of places with their splits.

    Args:
        name: str.
        sha256: str.
        places: dict from place to `FieldSeries` of all splits.
        ends: dict from place to a dict from split to the index after its last day.
    """

    name: str
    sha256: str
    places: dict
    ends: dict

    def series(self, split):
        """list of `FieldSeries`, one per place, up to the end of a split."""
        return [series[: self.ends[place][split]] for place, series in self.places.items()]

    def starts(self, split):
        """list of int, the first day of a split of each place."""
        before = SPLITS[SPLITS.index(split) - 1]
        return [ends[before] for ends in self.ends.values()]


def of_user(series):
    """The `WeatherData` of a user's place, which is copied into the cache, by its sha256.

    Args:
        series: `rnnzoo.datasets.weather.series.WeatherSeries`.

    Raises:
        InputError: it is too short to be split.
    """
    if len(series) < LEAST:
        raise InputError(f"{len(series)} days: give {LEAST} or more, of which each split has some")
    return _split(series, store("weather", series))


def stored(sha256):
    """The `WeatherData` that `of_user` stored; None if there is none."""
    series = stored_series("weather", sha256)
    return None if series is None else _split(series, sha256)


def _split(series, sha256):
    bounds = np.round(np.cumsum(list(SHARES.values())) * len(series)).astype(int).tolist()
    ends = dict(zip(SHARES, bounds, strict=True))
    return WeatherData(f"{OWN}{sha256[:16]}", sha256, {"place": series}, {"place": ends})
