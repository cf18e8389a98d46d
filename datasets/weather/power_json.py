"""JSON files of NASA POWER, of one point, daily and hourly."""

import json
import re
import sys

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.weather.cells import calendar_days
from rnnzoo.datasets.weather.columns import sorted_columns
from rnnzoo.datasets.weather.power_csv import MISSING
from rnnzoo.datasets.weather.table import WeatherTable

MOST_DIGITS = 1000  # of an integer: more take Python long, and are no float
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
        parameters = content["properties"]["parameter"]
        fill = content.get("header", {}).get("fill_value", MISSING)
    except (KeyError, TypeError, AttributeError):
        parameters = fill = None
    if not isinstance(parameters, dict):
        raise InputError(f"{name} is no JSON file of one point of NASA POWER: give {FORM}")
    for parameter, values in parameters.items():
        if not isinstance(values, dict):
            raise InputError(
                f"{name} has {shown(values)} as {shown(parameter)}: give {FORM}, each with a value"
            )
    keys = sorted({key for values in parameters.values() for key in values})
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
        return json.loads(text, parse_int=_integer)
    except RecursionError:
        raise InputError(f"{name} is no JSON that can be read: it is nested too deeply") from None
    except ValueError as problem:
        raise InputError(f"{name} is no JSON ({problem}): give the whole file") from None


def _integer(digits):
    """int of a text; of more digits than Python reads into one, infinity."""
    return int(digits) if len(digits) <= MOST_DIGITS else float(digits)


def _times(name, keys):
    if not keys:
        raise InputError(f"{name} has no days: give {FORM}")
    wrong = [key for key in keys if not re.fullmatch(r"\d{8}(\d{2})?", key, re.A)]
    if wrong or len({len(key) for key in keys}) != 1:
        raise InputError(
            f"{name} has the time {shown(wrong[0] if wrong else keys[0])}: give days such as "
            "20010703, or hours such as 2001070313"
        )
    parts = np.array([(key[:4], key[4:6], key[6:8], key[8:] or 0) for key in keys], "int64").T
    times = calendar_days(name, None, keys, *parts[:3]).astype("datetime64[s]")
    if (parts[3] > 23).any():
        raise InputError(
            f"{name} has the time {keys[int((parts[3] > 23).argmax())]!r}: give hours 00 to 23"
        )
    return times + parts[3].astype("timedelta64[h]")


def _values(name, parameter, series, keys, fill):
    return np.array([_value(name, parameter, key, series.get(key), fill) for key in keys])


def _value(name, parameter, key, value, fill):
    """float of a value; NaN where it is missing."""
    if value is None or value == fill:
        return np.nan
    good = type(value) in (int, float)
    if not good or abs(value) > sys.float_info.max:
        raise InputError(
            f"{name} has {shown(value)} as {parameter} of {key}: give a "
            + ("finite number" if good else "number")
        )
    return float(value)
