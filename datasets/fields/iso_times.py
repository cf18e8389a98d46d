"""Times as ISO 8601 texts."""

import re

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown

_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)", re.A)
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d|\d{8})([T ]\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?)?"
    r" ?(Z|[+-]\d\d(?::?\d\d)?)?",
    re.A,
)
_UTC = re.compile(r"Z|[+-]00:?(00)?")


def iso_times(name, times, rows=None):
    """datetime64[s] array of times, or of ISO texts.

    Offsets from UTC are left out: times are those of the clock where they were measured, days the
    local ones. Several offsets, as of summer and winter, are taken of days only.

    Args:
        name: str or path, the name of the data in messages.
        times: datetime64 array (rows,), or sequence of str (rows,): `"2019-01-01T00"`,
            `"2019-01-01 00:00:00+01:00"`, `"2019-01-01"`, `"20190101"`.
        rows: sequence of int (rows,), the numbers of the rows in messages; None for indices.

    Returns:
        datetime64[s] array (rows,).

    Raises:
        InputError: one is no time, or there are several offsets.
    """
    times = np.asarray(times)
    if times.ndim == 1 and times.dtype.kind == "U":
        return _of_texts(name, times.tolist(), rows)
    if times.ndim != 1 or times.dtype.kind != "M" or np.isnat(times).any():
        raise InputError(f"{name} has times that are none: give texts such as 2019-01-01T00")
    return times.astype("datetime64[s]")


def place_of(index, rows):
    """Where a row is, in messages: `"in row 7"` of a file, or `"at index 5"` of an array.

    Args:
        index: int.
        rows: sequence of int, the numbers of the rows; or None.
    """
    return f"at index {index}" if rows is None else f"in row {rows[index]}"


def _of_texts(name, texts, rows):
    parsed, offsets, clocks = [], {}, set()
    for index, text in enumerate(texts):
        match = _TIME.fullmatch(text.strip())
        clock = match and (match[2] or "").replace(" ", "T")
        time = match and _time(match[1], clock)
        if time is None:
            raise InputError(
                f"{name} has the time {shown(text)} {place_of(index, rows)}: give times such as "
                "2019-01-01T00, days such as 2019-01-01"
            )
        parsed.append(time)
        offset = match[3] or ""
        offsets.setdefault("Z" if _UTC.fullmatch(offset) else offset, index)
        clocks.add(clock)
    if len(offsets) > 1 and len(clocks) > 1:
        first, other = sorted(offsets.values())[:2]
        raise InputError(
            f"{name} has the times {shown(texts[first])} and {shown(texts[other])} "
            f"{place_of(other, rows)}, of other offsets from UTC: give times of one, or days"
        )
    return np.array(parsed, "datetime64[s]")


def _time(day, clock):
    """datetime64[s] of a day and the time of day, `""` or `"T00:00"`; None if there is none."""
    try:
        return np.datetime64("-".join(_DAY.fullmatch(day).groups()) + clock, "s")
    except ValueError:
        return None
