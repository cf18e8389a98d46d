"""JSON files of NASA POWER, of one point, daily and hourly."""

import json
import re

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.weather.cells import calendar_days
from rnnzoo.datasets.weather.columns import sorted_columns
from rnnzoo.datasets.weather.power_csv import MISSING
from rnnzoo.datasets.weather.table import WeatherTable

FORM = "properties.parameter with days such as 20010703, or hours such as 2001070313"


def power_json(name, text):
    """`WeatherTable` of a JSON file.

    Args:
        name: str or path, the name of the file in messages.
        text: str, an object with `properties.parameter`, a dict from parameter to a dict from
            `YYYYMMDD` or `YYYYMMDDHH` to its value, and `header.fill_value`, that of missing ones.

    Raises:
        InputError: it is no such file.
    """
    content = parsed(name, text)
    try:
        parameters = dict(content["properties"]["parameter"])
        keys = sorted({key for values in parameters.values() for key in values})
        fill = content.get("header", {}).get("fill_value", MISSING)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError(
            f"{name} is no JSON file of one point of NASA POWER: give {FORM}"
        ) from None
    indices, skipped = sorted_columns(name, list(parameters))
    series = list(parameters.values())
    return WeatherTable(
        _times(name, keys),
        {
            parameter: _values(name, parameter, series[index], keys, fill)
            for parameter, index in indices.items()
        },
        skipped,
    )


def parsed(name, text):
    """The content of a JSON text.

    Raises:
        InputError: it is none.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise InputError(f"{name} is no JSON ({problem}): give the whole file") from None


def _times(name, keys):
    lengths = {len(key) for key in keys}
    wrong = [key for key in keys if not re.fullmatch(r"\d{8}(\d{2})?", key, re.A)]
    if wrong or len(lengths) != 1:
        raise InputError(
            f"{name} has the time {shown(wrong[0] if wrong else keys[0])}: give days such as "
            "20010703, or hours such as 2001070313"
        )
    parts = np.array([(key[:4], key[4:6], key[6:8], key[8:] or 0) for key in keys], "int64").T
    times = calendar_days(name, range(1, len(keys) + 1), *parts[:3]).astype("datetime64[s]")
    if (parts[3] > 23).any():
        raise InputError(
            f"{name} has the time {keys[int((parts[3] > 23).argmax())]!r}: give hours 00 to 23"
        )
    return times + parts[3].astype("timedelta64[h]")


def _values(name, parameter, series, keys, fill):
    values = [series.get(key) for key in keys]
    for key, value in zip(keys, values, strict=True):
        if value is not None and type(value) not in (int, float):
            raise InputError(f"{name} has {shown(value)} as {parameter} of {key}: give a number")
    return np.array([np.nan if value in (None, fill) else value for value in values], "float64")
