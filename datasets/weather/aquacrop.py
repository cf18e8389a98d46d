"""Climate files of AquaCrop, columns that are separated by white space."""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.weather.cells import calendar_days, numbers
from rnnzoo.datasets.weather.columns import check_once
from rnnzoo.datasets.weather.stations import station_table

DATES = ("Day", "Month", "Year")
VALUES = {"maximum": "Tmax(C)", "minimum": "Tmin(C)", "rain": "Prcp(mm)"}
COLUMNS = (*DATES, *VALUES.values())
MISSING = (-999.0,)


def aquacrop(name, text):
    """`WeatherTable` of a file with the columns Day, Month, Year, Tmin(C), Tmax(C), Prcp(mm).

    Args:
        name: str or path, the name of the file in messages.
        text: str.

    Raises:
        InputError: a column is missing or there twice, a row has more or fewer fields than the
            header, a value is no number, or a date none.
    """
    lines = [(number, line.split()) for number, line in enumerate(text.split("\n"), 1)]
    (_, header), *rows = [(number, cells) for number, cells in lines if cells]
    check_once(name, header)
    for column in COLUMNS:
        if column not in header:
            raise InputError(f"{name} has no column {column}: give {', '.join(COLUMNS)}")
    if not rows:
        raise InputError(f"{name} has no days: give rows of them")
    for number, cells in rows:
        if len(cells) != len(header):
            raise InputError(
                f"{name} has {len(cells)} fields in row {number}: give {len(header)}, as the header"
            )
    numbered = [number for number, _ in rows]
    columns = dict(zip(header, zip(*(cells for _, cells in rows), strict=True), strict=False))
    day, month, year = (numbers(name, columns[part], numbered, ()) for part in DATES)
    dates = list(map("-".join, zip(*(columns[part] for part in reversed(DATES)), strict=True)))
    days = calendar_days(name, numbered, dates, year, month, day)
    values = {
        key: numbers(name, columns[column], numbered, MISSING) for key, column in VALUES.items()
    }
    others = [column for column in header if column not in COLUMNS]
    return station_table(days.astype("datetime64[s]"), **values, skipped=others, rows=numbered)


def is_aquacrop(text):
    """Whether a text begins with the columns Day, Month, Year."""
    return tuple(text.split(maxsplit=3)[:3]) == DATES
