"""Weather files of DSSAT, `.WTH`."""

import re

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.weather.cells import days_of_year, numbers
from rnnzoo.datasets.weather.columns import check_once
from rnnzoo.datasets.weather.stations import station_table

COLUMNS = ("TMAX", "TMIN", "RAIN")
MISSING = (-99.0, -999.0)
CENTURY = 35  # DSSAT's: years up to it, of two digits, are after 2000
_COMMENTS = ("*", "$", "!")


def dssat(name, text):
    """`WeatherTable` of a `.WTH` file.

    Args:
        name: str or path, the name of the file in messages.
        text: str; a line that begins with `@` names the columns, whose values end where its names
            do. Dates are `YYDDD` or `YYYYDDD`; -99 and blanks are missing.

    Raises:
        InputError: a column is missing or there twice, a value is no number, or a date none.
    """
    columns, rows = _rows(name, text)
    lines = [number for number, _ in rows]
    cells = dict(zip(columns, zip(*(cells for _, cells in rows), strict=True), strict=True))
    times = _days(name, lines, cells["DATE"]).astype("datetime64[s]")
    maximum, minimum, rain = (numbers(name, cells[key], lines, MISSING) for key in COLUMNS)
    skipped = [column for column in columns if column not in ("DATE", *COLUMNS)]
    return station_table(times, maximum, minimum, rain, skipped, lines)


def is_dssat(text):
    """Whether a text has a line of columns that begins with `@` and the date."""
    return any(_is_header(line) for line in text.split("\n", 100))


def _is_header(line):
    return re.match(r"@\s*DATE\s", line) is not None


def _rows(name, text):
    """(columns, list of (number of the row, its cells)) of the days."""
    columns, ends, rows = None, None, []
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("@"):
            header = line.replace("@", " ", 1)
            there = re.findall(r"\S+", header)
            if not _is_header(line):
                ends = None
                continue
            if columns not in (None, there):
                raise InputError(f"{name} has other columns from row {number} on: give one table")
            check_once(name, there)
            columns, ends = there, [match.end() for match in re.finditer(r"\S+", header)]
        elif ends is not None and line.strip() and not line.startswith(_COMMENTS):
            rows.append((number, _cells(line, ends)))
    lacking = [column for column in COLUMNS if column not in (columns or ())]
    if lacking or not rows:
        raise InputError(
            f"{name} has no {lacking[0] if lacking else 'days'}: give a line with @DATE, "
            f"{', '.join(COLUMNS)}, and days"
        )
    return columns, rows


def _cells(line, ends):
    cells = line.split()
    if len(cells) != len(ends):  # some are blank
        starts = [0, *ends[:-1]]
        cells = [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    return cells


def _days(name, rows, dates):
    for row, date in zip(rows, dates, strict=True):
        if not re.fullmatch(r"\d{5}(\d{2})?", date, re.A):
            raise InputError(
                f"{name} has the date {shown(date)} in row {row}: give YYDDD or YYYYDDD"
            )
    years = np.array([int(date[:-3]) for date in dates])
    short = np.array([len(date) == 5 for date in dates])
    years += np.where(short, np.where(years <= CENTURY, 2000, 1900), 0)
    return days_of_year(name, rows, dates, years, [int(date[-3:]) for date in dates])
