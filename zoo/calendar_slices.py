"""Times as dimensions of `rnnzoo.evaluation_rows.merged_rows`: labels, and the index of each."""

from rnnzoo.evaluation_rows import coded

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SEASONS = ("December to February", "March to May", "June to August", "September to November")


def years(times):
    """The years of a datetime64 array (items,).

    Example:

    >>> import numpy as np
    >>> years(np.array(["2021-01-01", "2020-12-31"], "datetime64[D]"))[0]
    ['2020', '2021']
    """
    return coded(times.astype("datetime64[Y]"))


def weekdays(times):
    """The weekdays of a datetime64 array (items,).

    Example:

    >>> import numpy as np
    >>> names, indices = weekdays(np.array(["1970-01-01", "2024-02-25"], "datetime64[D]"))
    >>> [names[index] for index in indices]
    ['4 Thursday', '7 Sunday']
    """
    days = times.astype("datetime64[D]").astype("int64")
    return _numbered(WEEKDAYS), (days + 3) % 7  # 1 January 1970 is a Thursday


def weekends(times):
    """Whether the days of a datetime64 array (items,) are Saturdays or Sundays."""
    return ["Monday to Friday", "Saturday and Sunday"], (weekdays(times)[1] >= 5).astype(int)


def seasons(times):
    """The seasons, of three months each, of a datetime64 array (items,).

    Example:

    >>> import numpy as np
    >>> names, indices = seasons(np.array(["2020-12-31", "2021-02-01", "2021-03-01"], "M8[D]"))
    >>> [names[index] for index in indices]
    ['1 December to February', '1 December to February', '2 March to May']
    """
    months = times.astype("datetime64[M]").astype("int64") % 12
    return _numbered(SEASONS), (months + 1) % 12 // 3


def hours(times):
    """The hours of the day of a datetime64 array (items,)."""
    numbers = times.astype("datetime64[h]").astype("int64")
    return [f"{hour:02}:00" for hour in range(24)], numbers % 24


def _numbered(names):
    return [f"{number} {name}" for number, name in enumerate(names, 1)]
