"""Times as numbers since a date, the convention of climate data (CF) that xarray writes."""

import re

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
# That of datetime64, by its names; since 1582 the first two are the same.
CALENDARS = ("standard", "gregorian", "proleptic_gregorian")


def since_times(name, numbers, units, calendar=None):
    """datetime64[s] array of numbers and their units.

    Args:
        name: str or path, the name of the data in messages.
        numbers: array of numbers (times,).
        units: str: `"hours since 2019-01-01"`, also with minutes, seconds or days.
        calendar: str, one of `CALENDARS`; None is the first.

    Raises:
        InputError: units or calendar are others, or a number is not finite.

    Example:

    >>> since_times("f", [0, 1.5], "hours since 2019-01-01 06:00:00").astype(str).tolist()
    ['2019-01-01T06:00:00', '2019-01-01T07:30:00']
    """
    match = re.fullmatch(r"(second|minute|hour|day)s? since (\d{4}-\d.*?)(?:Z| UTC)?", str(units))
    try:
        start = np.datetime64(match[2].replace(" ", "T"), "s") if match else None
    except ValueError:
        start = None
    if start is None:
        raise InputError(
            f"{name} has times in {shown(units)}: give units such as hours since 2019-01-01"
        )
    if calendar not in (None, *CALENDARS):
        raise InputError(
            f"{name} has the calendar {shown(calendar)}: give one of {', '.join(CALENDARS)}"
        )
    seconds = np.asarray(numbers, "float64") * SECONDS[match[1]]
    if not (np.abs(seconds) < 2**53).all():  # NaN too
        raise InputError(f"{name} has times that are none: give finite numbers")
    return start + np.rint(seconds).astype("timedelta64[s]")
