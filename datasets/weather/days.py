"""The days of a series: one after the other, those without a row too, and its gaps."""

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.timeline import DAY, regular_steps
from rnnzoo.datasets.weather.hours import by_day
from rnnzoo.datasets.weather.parameters import PARAMETERS
from rnnzoo.datasets.weather.units import check_hours

HOUR = 3600  # seconds
FILL = "forecast"
LONGEST_GAP = 365  # days without a row; further ones would be imputed with the climatology alone
_GIVE = f"give all of them, or --fill {FILL} lets the model impute them"


def every_day(name, times, columns, rows=None):
    """Puts rows on a timeline of days; hourly ones become daily.

    Args:
        name: str or path, the name of the file in messages.
        times: datetime64[s] array (rows,).
        columns: dict from parameter to a float array (rows,).
        rows: sequence of int (rows,), the numbers of the rows in messages; None for indices.

    Returns:
        (datetime64[s] array of all days; int array, the days that have a row; dict from parameter
        to a float array of these).

    Raises:
        InputError: the rows are neither daily nor hourly, or not in the order of time; there is
            none for more than 365 days; or an hourly value is outside the range of its parameter.
    """
    seconds, _ = regular_steps(name, times, rows)
    if seconds == HOUR:
        check_hours(name, times, columns)
        times, columns = by_day(times, columns)
    elif seconds != DAY:
        raise InputError(f"{name} has a value per {seconds} s: give daily or hourly values")
    rows = (times - times[0]).astype("int64") // DAY
    lacking = np.diff(rows, append=rows[-1] + 1) - 1
    longest = int(lacking.argmax())
    if lacking[longest] > LONGEST_GAP:
        raise InputError(
            f"{name} lacks {lacking[longest]} days after {_day(times[longest])}: give the days "
            f"before or after them, as a gap has at most {LONGEST_GAP}"
        )
    return times[0] + np.arange(rows[-1] + 1) * np.timedelta64(DAY, "s"), rows, columns


def gaps(name, days, values, has_row, fill):
    """Counts the gaps.

    Args:
        name: str or path, the name of the file in messages.
        days: datetime64 array (days,).
        values: float array (days, parameters) in the order of `PARAMETERS`, NaN where missing.
        has_row: bool array (days,).
        fill: bool, whether there may be gaps.

    Returns:
        (days without a row, missing values in the others between values of their parameter).

    Raises:
        InputError: there are some, and `fill` is False.
    """
    known = ~np.isnan(values)
    begun, goes_on = (np.logical_or.accumulate(part) for part in (known, known[::-1]))
    missing = begun & goes_on[::-1] & ~known & has_row[:, None]
    lacking, values_lacking = int((~has_row).sum()), int(missing.sum())
    if lacking and not fill:
        raise InputError(
            f"{name} lacks {lacking} days, the first {_day(days[~has_row][0])}: {_GIVE}"
        )
    if values_lacking and not fill:
        row, column = np.argwhere(missing)[0]
        raise InputError(
            f"{name} lacks {values_lacking} values, the first of {list(PARAMETERS)[column]} at "
            f"{_day(days[row])}: {_GIVE}"
        )
    return lacking, values_lacking


def _day(time):
    return time.astype("datetime64[D]")
