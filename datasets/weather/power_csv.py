"""CSV files of NASA POWER, with or without their header, daily and hourly."""

import re

import numpy as np

from rnnzoo.datasets.common.csv_table import read_cells
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.fields.iso_times import iso_times
from rnnzoo.datasets.weather.cells import calendar_days, days_of_year, numbers
from rnnzoo.datasets.weather.columns import check_once, sorted_columns
from rnnzoo.datasets.weather.table import WeatherTable

BEGIN, END = "-BEGIN HEADER-", "-END HEADER-"
MISSING = -999.0
_STATED = re.compile(r"missing.*:\s*(-?\d+(?:\.\d*)?)\s*$", re.M)
DATES = ("year", "mo", "dy", "doy", "hr", "date")
FORMS = "YEAR, MO, DY or YEAR, DOY, and HR of hourly values"


def power_csv(name, text):
    """`WeatherTable` of a CSV file.

    Args:
        name: str or path, the name of the file in messages.
        text: str. The columns are `YEAR,MO,DY`, or `YEAR,DOY`, or `date` with days as 2001-07-03;
            `HR` of hourly values; and parameters. A column `date` beside the others is left out.
            The header of POWER names the value of missing ones, which is -999 otherwise.

    Raises:
        InputError: it has no such columns, a row has more or fewer fields than the header, a
            value is no number or a date none.
    """
    missing, table, before = _without_header(name, text)
    header, rows = read_cells(name, table)
    if not rows:
        raise InputError(f"{name} has no rows: give a CSV file with {FORMS}, and parameters")
    # Of a file with POWER's header, the row in the file.
    lines, cells = [number + before for number, _ in rows], [cells for _, cells in rows]
    check_once(name, [column.upper() for column in header])
    columns = dict(zip(header, zip(*cells, strict=True), strict=True))
    times = _times(name, lines, columns)
    names = [column for column in header if column not in DATES]
    indices, skipped = sorted_columns(name, names)
    values = {
        parameter: numbers(name, columns[names[index]], lines, (missing,))
        for parameter, index in indices.items()
    }
    return WeatherTable(times, values, skipped, lines)


def _without_header(name, text):
    """(the value of missing ones, the text after the header, the lines before it)."""
    if BEGIN not in text:
        return MISSING, text, 0
    head, end, table = text.partition(END)
    if not end:
        raise InputError(f"{name} has {BEGIN} and no {END}: give the whole file")
    stated = _STATED.search(head)
    return float(stated[1]) if stated else MISSING, table, head.count("\n")


def _times(name, rows, columns):
    """datetime64[s] array of the columns of the date."""
    parts = {part: columns[part] for part in DATES if part in columns}
    if "year" not in parts and "date" in parts:
        return iso_times(name, list(parts["date"]), rows)
    texts = {part: cells for part, cells in parts.items() if part != "date"}
    parts = {part: numbers(name, cells, rows, ()) for part, cells in texts.items()}
    if {"year", "mo", "dy"} <= set(parts):
        dates = list(map("-".join, zip(texts["year"], texts["mo"], texts["dy"], strict=True)))
        days = calendar_days(name, rows, dates, parts["year"], parts["mo"], parts["dy"])
    elif {"year", "doy"} <= set(parts):
        dates = [f"day {d} of {y}" for y, d in zip(texts["year"], texts["doy"], strict=True)]
        days = days_of_year(name, rows, dates, parts["year"], parts["doy"])
    else:
        raise InputError(
            f"{name} has the columns {shown(', '.join(columns).upper())}: give {FORMS}, and "
            "parameters"
        )
    times = days.astype("datetime64[s]")
    if "hr" not in parts:
        return times
    hours = parts["hr"]
    if not np.isin(hours, np.arange(24)).all():
        row = int(np.argmin(np.isin(hours, np.arange(24))))
        raise InputError(
            f"{name} has the hour {shown(texts['hr'][row])} in row {rows[row]}: give 0 to 23"
        )
    return times + hours.astype("timedelta64[h]")
