"""Time steps of a series: ascending, equally spaced, and without gaps."""

import re

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.fields.iso_times import iso_times, place_of

DAY, WEEK = 86_400, 7 * 86_400  # seconds
UNITS = {"s": 1, "min": 60, "h": 3600, "d": DAY}
YEARS = np.datetime64("0001", "s"), np.datetime64("10000", "s")
MOST_MISSING = 10  # steps per row: further ones between two rows are hardly the user's data


def timeline(name, times, fill=False, rows=None):
    """Where the rows of a series lie on an equally spaced timeline.

    Its step is the most frequent one between two rows.

    Args:
        name: str or path, the name of the data in messages.
        times: datetime64 array (rows,).
        fill: bool, whether the timeline may have steps without a row.
        rows: sequence of int (rows,), the numbers of the rows in messages; None for indices.

    Returns:
        (datetime64[s] array (steps,), int array (rows,): the step of each row).

    Raises:
        InputError: as `regular_steps`; or steps are missing and `fill` is False, or more than ten
            per row are.
    """
    step, index = regular_steps(name, times, rows)
    times = np.asarray(times, "datetime64[s]")
    missing = int(index[-1]) + 1 - len(times)
    lacks = f"{name} lacks {missing} time steps of {step} s"
    if missing and not fill:
        row = int((np.diff(index) > 1).argmax())
        raise InputError(
            f"{lacks}, the first after {times[row]}: give all of them, or --fill linear "
            "interpolates"
        )
    if missing > MOST_MISSING * len(times):  # before anything is allocated for them
        row = int(np.diff(index).argmax())
        raise InputError(
            f"{lacks}, most of them after {times[row]}: give times with at most {MOST_MISSING} "
            "missing ones per row"
        )
    return times[0] + np.arange(index[-1] + 1) * np.timedelta64(step, "s"), index


def regular_steps(name, times, rows=None):
    """The step between the times of a series, and the number of steps before each.

    Args:
        name, times, rows: as for `timeline`.

    Returns:
        (int, seconds, the most frequent difference of two times; int array (rows,)).

    Raises:
        InputError: there are fewer than two rows; or a time is of no year from 1 to 9999, that of
            an earlier row, before it, or not whole steps after it.
    """
    times = np.asarray(times, "datetime64[s]")
    if len(times) < 2:
        raise InputError(f"{name} has {len(times)} time steps: give two or more")
    unusual = (times < YEARS[0]) | (times >= YEARS[1])
    if unusual.any():
        row = int(unusual.argmax())
        raise InputError(
            f"{name} has the time {times[row]} {place_of(row, rows)}: give years from 1 to 9999"
        )
    seconds = np.diff(times).astype("int64")
    if (seconds <= 0).any():
        row = int((seconds <= 0).argmax()) + 1
        raise InputError(
            f"{name} has the time {times[row]} {place_of(row, rows)}, after {times[row - 1]}: give "
            "each time once, in ascending order"
        )
    lengths, counts = np.unique(seconds, return_counts=True)
    step = int(lengths[counts.argmax()])
    if (seconds % step).any():
        row = int((seconds % step != 0).argmax()) + 1
        raise InputError(
            f"{name} has the time {times[row]} {place_of(row, rows)}, {seconds[row - 1]} s after "
            f"the one before: give times that are whole multiples of {step} s apart"
        )
    return step, np.concatenate([[0], np.cumsum(seconds // step)])


def times_from(name, start, step, count):
    """The times of a file that has none.

    Args:
        name: str or path, the name of the file in messages.
        start: str, the first time: `"2019-01-01T00"`; or None.
        step: str, the time between two rows: `"1h"`, `"10min"`; or None.
        count: int, rows.

    Returns:
        datetime64[s] array (count,).

    Raises:
        InputError: either is missing or not in that form.
    """
    if start is None or step is None:
        raise InputError(f"{name} has no times: give --start 2019-01-01T00 and --step 1h")
    match = re.fullmatch(r"(\d{1,6})(s|min|h|d)", step)
    if not match or not int(match[1]):
        raise InputError(f"step is {shown(step)}: give a number and s, min, h or d, such as 1h")
    try:
        first = iso_times(name, [start])[0]
    except InputError:
        raise InputError(f"start is {shown(start)}: give a time such as 2019-01-01T00") from None
    return first + np.arange(count) * np.timedelta64(int(match[1]) * UNITS[match[2]], "s")
