"""Reads the weather of a point, day by day."""

from pathlib import Path

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.paths import check_file
from rnnzoo.datasets.common.utf8 import decoded
from rnnzoo.datasets.fields.timeline import DAY, timeline
from rnnzoo.datasets.weather.aquacrop import aquacrop, is_aquacrop
from rnnzoo.datasets.weather.dssat import dssat, is_dssat
from rnnzoo.datasets.weather.hours import by_day
from rnnzoo.datasets.weather.parameters import PARAMETERS
from rnnzoo.datasets.weather.power_csv import power_csv
from rnnzoo.datasets.weather.power_json import power_json
from rnnzoo.datasets.weather.series import WeatherSeries
from rnnzoo.datasets.weather.units import check_units

HOUR = 3600  # seconds
LEAST_DAYS = 730
FILL = "forecast"
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
            the order of time; there are fewer than 730 days; a value is outside the physical range
            of its parameter; or there are gaps and `fill` is None.
    """
    if fill not in (None, FILL):
        raise InputError(f"fill is {shown(fill)}: give {FILL!r} or None")
    path = Path(path)
    check_file(path, f"give {FILES}")
    table = _table(path.name, decoded(path.read_bytes(), path))
    days, index, columns = _daily(path.name, table.times, table.columns)
    check_units(path.name, days[index], columns)
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
    kept = slice(measured[0], measured[-1] + 1)
    days, values, has_row = days[kept], values[kept], has_row[kept]
    missing_days, missing = _gaps(path.name, days, values, has_row, fill)
    return WeatherSeries(
        days,
        values.astype("float32")[:, None, None],
        list(PARAMETERS),
        skipped=tuple(table.skipped),
        missing_days=missing_days,
        missing=missing,
    )


def _table(name, text):
    """`WeatherTable` of a text, by what it begins with."""
    if text.lstrip()[:1] in "{[":
        return power_json(name, text)
    if is_dssat(text):
        return dssat(name, text)
    return aquacrop(name, text) if is_aquacrop(text) else power_csv(name, text)


def _daily(name, times, columns):
    """(datetime64[s] array of all days, int array of those with a row, the values of these)."""
    steps, _ = timeline(name, times, fill=True)
    seconds = int((steps[1] - steps[0]).astype("int64"))
    if seconds == HOUR:
        times, columns = by_day(times, columns)
    elif seconds != DAY:
        raise InputError(f"{name} has a value per {seconds} s: give daily or hourly values")
    index = (times - times[0]).astype("int64") // DAY
    return times[0] + np.arange(index[-1] + 1) * np.timedelta64(DAY, "s"), index, columns


def _gaps(name, days, values, has_row, fill):
    """(days without a row, missing values), of which there are none if `fill` is None."""
    known = ~np.isnan(values)
    # Between the first and the last value of a parameter.
    inside = known.cumsum(axis=0).astype(bool) & known[::-1].cumsum(axis=0).astype(bool)[::-1]
    gaps = inside & ~known & has_row[:, None]
    missing_days, missing = int((~has_row).sum()), int(gaps.sum())
    if fill is None and missing_days:
        day = days[~has_row][0].astype("datetime64[D]")
        raise InputError(f"{name} lacks {missing_days} days, the first {day}: {_GIVE}")
    if fill is None and missing:
        row, column = np.argwhere(gaps)[0]
        raise InputError(
            f"{name} lacks {missing} values, the first of {list(PARAMETERS)[column]} at "
            f"{days[row].astype('datetime64[D]')}: {_GIVE}"
        )
    return missing_days, missing


_GIVE = f"give all of them, or --fill {FILL} lets the model impute them"
