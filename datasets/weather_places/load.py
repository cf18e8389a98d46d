"""The weather of the places, as series."""

from rnnzoo.datasets.common.errors import unknown
from rnnzoo.datasets.common.source import verified_path
from rnnzoo.datasets.weather.days import FILL
from rnnzoo.datasets.weather.reader import read_weather
from rnnzoo.datasets.weather_places.sources import SOURCES
from rnnzoo.datasets.weather_places.splits import FIRST_DAYS, PLACES, SEEN, places_of, split_days


def load_place(name):
    """All days of a place.

    Args:
        name: str, one of `PLACES`.

    Returns:
        `WeatherSeries`, as `read_weather` returns; gaps are NaN.

    Raises:
        InputError: no such place, or its file cannot be had.
    """
    return read_weather(verified_path(source(name)), fill=FILL)


def load_split(split):
    """The days of a split.

    Args:
        split: str, `"train"`, `"validation"` or `"test"`, by time, of the places that are not in
            `UNSEEN`; or `"unseen"`, all days of those that are. Several are joined with `+`.

    Returns:
        dict from place to `FieldSeries`.

    Raises:
        InputError: no such split, or a file cannot be had.
    """
    series = {place: load_place(place) for place in places_of(split)}
    return {place: days[split_days(place, split, days.times)] for place, days in series.items()}


def sources():
    """list of the `Source` of each place that is in the splits of time."""
    return [source(place) for place in SEEN]


def first_test_day():
    """str, the first day of the test split; what is fitted to an unseen place is so before it."""
    return FIRST_DAYS["test"]


def source(name):
    """The `rnnzoo.datasets.common.source.Source` of a place.

    Raises:
        InputError: no such place.
    """
    if name not in PLACES:
        raise unknown("place", name, PLACES)
    return SOURCES[f"weather-{name}"]
