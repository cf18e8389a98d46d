"""Reads the weather of a point, day by day."""

from pathlib import Path

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.paths import check_file, file_bytes
from rnnzoo.datasets.common.utf8 import decoded
from rnnzoo.datasets.weather.aquacrop import aquacrop, is_aquacrop
from rnnzoo.datasets.weather.days import FILL, every_day, gaps
from rnnzoo.datasets.weather.dssat import dssat, is_dssat
from rnnzoo.datasets.weather.parameters import PARAMETERS
from rnnzoo.datasets.weather.power_csv import power_csv
from rnnzoo.datasets.weather.power_json import power_json
from rnnzoo.datasets.weather.series import WeatherSeries
from rnnzoo.datasets.weather.units import check_units, reversed_days

LEAST_DAYS = 730
FILES = "a CSV or JSON file of NASA POWER, a .WTH file of DSSAT or a climate file of AquaCrop"


def read_weather(path, fill=None):
    """The daily weather of a file.

    What kind of file it is, is read from its content: see `power_csv`, `power_json`, `dssat` and
    `aquacrop`. Of hourly values, those of days are computed, see `by_day`.

    Before its first and after its last value, a parameter has not been measured, and is NaN, as
    are parameters that the file does not have. Missing values between others are gaps.

    Args:
        path: str or path.
        fill: `"forecast"` leaves gaps as NaN, in days without a row too, for a model that imputes
            them by its own forecasts; None refuses them.

    Returns:
        `WeatherSeries`: `times` (days,), `values` float32 (days, 1, 1, 20), `channels` those of
        `PARAMETERS`, in their order.

    Raises:
        InputError: the file cannot be read, see these; it is neither daily nor hourly, or not in
            the order of time; there are fewer than 730 days, or none for more than 365; a value is
            outside the physical range of its parameter; maximum temperatures are below the
            minimum on many days; or there are gaps and `fill` is None.
    """
    if fill not in (None, FILL):
        raise InputError(f"fill is {shown(fill)}: give {FILL!r} or None")
    path = Path(path)
    check_file(path, f"give {FILES}")
    table = _table(path.name, decoded(file_bytes(path), path))
    days, index, columns = every_day(path.name, table.times, table.columns, table.rows)
    check_units(path.name, days[index], columns)
    wrong = reversed_days(path.name, days[index], columns)
    values = np.full((len(days), len(PARAMETERS)), np.nan)
    for column, parameter in enumerate(PARAMETERS):
        if parameter in columns:
            values[index, column] = columns[parameter]
    has_row = np.zeros(len(days), bool)
    has_row[index] = True
    measured = np.flatnonzero(~np.isnan(values).all(axis=1))
    if len(measured) < LEAST_DAYS:
        raise InputError(
            f"{path.name} has {len(measured)} days: give two years, {LEAST_DAYS} days, or more"
        )
    measured_days = slice(measured[0], measured[-1] + 1)
    days, values, has_row = days[measured_days], values[measured_days], has_row[measured_days]
    missing_days, missing = gaps(path.name, days, values, has_row, fill is not None)
    return WeatherSeries(
        days,
        values.astype("float32")[:, None, None],
        list(PARAMETERS),
        skipped=tuple(table.skipped),
        missing_days=missing_days,
        missing=missing,
        reversed_days=tuple(wrong),
    )


def _table(name, text):
    """`WeatherTable` of a text, by what it begins with."""
    if text.lstrip()[:1] in "{[":
        return power_json(name, text)
    if is_dssat(text):
        return dssat(name, text)
    return aquacrop(name, text) if is_aquacrop(text) else power_csv(name, text)
