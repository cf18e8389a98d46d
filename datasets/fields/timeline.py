"""Time steps of a series: ascending, equally spaced, and without gaps."""

import re

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown

DAY, WEEK = 86_400, 7 * 86_400  # seconds
UNITS = {"s": 1, "min": 60, "h": 3600, "d": DAY}
SECOND = np.timedelta64(1, "s")


def timeline(name, times, fill=False):
    """Where the rows of a series lie on an equally spaced timeline.

    Its step is the most frequent one between two rows.

    Args:
        name: str or path, the name of the data in messages.
        times: datetime64 array (rows,).
        fill: bool, whether the timeline may have steps without a row.

    Returns:
        (datetime64[s] array (steps,), int array (rows,): the step of each row).

    Raises:
        InputError: there are fewer than two rows; a time is that of an earlier row, or before it,
            or not on the timeline; or steps are missing and `fill` is False.
    """
    times = np.asarray(times, "datetime64[s]")
    if len(times) < 2:
        raise InputError(f"{name} has {len(times)} time steps: give two or more")
    seconds = (np.diff(times) / SECOND).astype("int64")
    if (seconds <= 0).any():
        row = int((seconds <= 0).argmax()) + 1
        raise InputError(
            f"{name} has the time {times[row]} in row {row}, after {times[row - 1]}: give each "
            "time once, in ascending order"
        )
    lengths, counts = np.unique(seconds, return_counts=True)
    step = int(lengths[counts.argmax()])
    if (seconds % step).any():
        row = int((seconds % step != 0).argmax()) + 1
        raise InputError(
            f"{name} has the time {times[row]} in row {row}, {seconds[row - 1]} s after the one "
            f"before: give times that are whole multiples of {step} s apart"
        )
    index = np.concatenate([[0], np.cumsum(seconds // step)])
    missing = int(index[-1]) + 1 - len(times)
    if missing and not fill:
        row = int((seconds > step).argmax())
        raise InputError(
            f"{name} lacks {missing} time steps of {step} s, the first after {times[row]}: give "
            "all of them, or --fill linear interpolates"
        )
    return times[0] + np.arange(index[-1] + 1) * np.timedelta64(step, "s"), index


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
        first = np.datetime64(start, "s")
    except ValueError:
        first = np.datetime64("NaT")
    if np.isnat(first):
        raise InputError(f"start is {shown(start)}: give a time such as 2019-01-01T00")
    return first + np.arange(count) * np.timedelta64(int(match[1]) * UNITS[match[2]], "s")
