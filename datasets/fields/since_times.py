"""Times as numbers since a date, the convention of climate data (CF) that xarray writes."""

import re

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown

# Those of UDUNITS whose length is exact, which months and years are not.
_NAMES = {
    1e-9: "nanosecond nanosec ns",
    1e-6: "microsecond microsec us",
    1e-3: "millisecond millisec msec ms",
    1: "second sec s",
    60: "minute min",
    3600: "hour hr h",
    86_400: "day d",
    604_800: "week",
}
SECONDS = {
    form: seconds for seconds, names in _NAMES.items() for name in names.split()
    for form in (name, f"{name}s")
}  # fmt: skip
_UNITS = re.compile(
    r"\s*([a-z]+)\s+since\s+(\d{1,4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:t|\s+)(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.0*)?)?)?)?"
    r"\s*(?:z|utc|gmt|[+-]?0{1,2}:?00)?\s*",
    re.I | re.A,
)
# That of datetime64, by its names. The first two have Julian days before the reform.
CALENDARS = ("standard", "gregorian", "proleptic_gregorian")
REFORM = np.datetime64("1582-10-15", "s")


def since_times(name, numbers, units, calendar=None):
    """datetime64[s] array of numbers and their units, rounded to seconds.

    Args:
        name: str or path, the name of the data in messages.
        numbers: array of numbers (times,).
        units: str: `"hours since 2019-01-01"`, also with `"h"`, `"hr"`; and from nanoseconds to
            weeks. The date is in UTC, or of the local clock without an offset from UTC.
        calendar: str, one of `CALENDARS`; None is the first.

    Raises:
        InputError: units or calendar are others, a number is not finite, or a date of the first
            two calendars is before October 15, 1582.

    Example:

    >>> since_times("f", [0, 1.5], "hours since 2019-1-1 06:00:00").astype(str).tolist()
    ['2019-01-01T06:00:00', '2019-01-01T07:30:00']
    """
    match = _UNITS.fullmatch(str(units))
    start = match and _date(match)
    if start is None or match[1].lower() not in SECONDS:
        raise InputError(
            f"{name} has times in {shown(units)}: give units such as hours since 2019-01-01, from "
            "nanoseconds to weeks, without an offset from UTC"
        )
    if calendar is not None and not (isinstance(calendar, str) and calendar.lower() in CALENDARS):
        raise InputError(
            f"{name} has the calendar {shown(calendar)}: give one of {', '.join(CALENDARS)}"
        )
    try:
        seconds = np.asarray(numbers, "float64") * SECONDS[match[1].lower()]
    except (TypeError, ValueError):
        seconds = np.nan
    if not (np.abs(seconds) < 2**53).all():  # NaN too
        raise InputError(f"{name} has times that are none: give finite numbers")
    times = start + np.rint(seconds).astype("timedelta64[s]")
    proleptic = calendar is not None and calendar.lower() == CALENDARS[-1]
    if not proleptic and min(start, times.min(initial=start)) < REFORM:
        raise InputError(
            f"{name} has times in {shown(units)} of the calendar {shown(calendar or CALENDARS[0])}:"
            f" give dates from {REFORM.astype('datetime64[D]')} on, or the calendar {CALENDARS[-1]}"
        )
    return times


def _date(match):
    """datetime64[s] of the date in units; None if there is no such day."""
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[1:])
    try:
        return np.datetime64(
            f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}", "s"
        )
    except ValueError:
        return None
