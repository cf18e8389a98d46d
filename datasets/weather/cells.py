"""Columns of text cells as numbers and days."""

import numpy as np

from rnnzoo.datasets.common.csv_table import number_in
from rnnzoo.datasets.common.errors import InputError, shown

EMPTY = ("", "nan", "na", "null", "none")


def numbers(name, cells, rows, missing):
    """float array (rows,) of a column; missing values are NaN.

    Args:
        name: str or path, the name of the file in messages.
        cells: sequence of str (rows,).
        rows: sequence of int (rows,), the numbers of the rows in messages.
        missing: collection of float, the values that mark a missing one.

    Raises:
        InputError: a cell is no number, or an infinite one.
    """
    values = {}  # a column repeats a few thousand of them
    for cell, row in zip(cells, rows, strict=True):
        if cell not in values:
            empty = cell.strip().lower() in EMPTY
            value = np.nan if empty else number_in(name, cell, row)
            if np.isinf(value):
                raise InputError(
                    f"{name} has the value {shown(cell)} in row {row}: give a finite number"
                )
            values[cell] = np.nan if value in missing else value
    return np.array([values[cell] for cell in cells], "float64")


def calendar_days(name, rows, texts, years, months, days):
    """datetime64[D] array of years, months and days of the month.

    Args:
        name: str or path, the name of the file in messages.
        rows: sequence of int (rows,), the numbers of the rows in messages; or None.
        texts: sequence of str (rows,), the dates in messages.
        years, months, days: arrays of numbers (rows,).

    Raises:
        InputError: one is no day of the calendar.
    """
    years, months, days = (_whole(part) for part in (years, months, days))
    first = (years - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (months - 1)
    dates = first.astype("datetime64[D]") + (days - 1)
    good = (1 <= months) & (months <= 12) & (dates.astype("datetime64[M]") == first)
    return _checked(name, rows, dates, good & _usual(years), texts)


def days_of_year(name, rows, texts, years, days):
    """datetime64[D] array of years and days of the year, from 1.

    Args:
        name, rows, texts, years, days: as for `calendar_days`.

    Raises:
        InputError: one is no day of the calendar.
    """
    years, days = _whole(years), _whole(days)
    first = (years - 1970).astype("datetime64[Y]")
    dates = first.astype("datetime64[D]") + (days - 1)
    good = dates.astype("datetime64[Y]") == first
    return _checked(name, rows, dates, good & _usual(years), texts)


def _whole(values):
    """int array; -1, which no date has, where a value is no whole number of at most 9999."""
    values = np.nan_to_num(np.asarray(values, "float64"), nan=-1)
    return np.where((values % 1 == 0) & (np.abs(values) < 10_000), values, -1).astype("int64")


def _usual(years):
    return (1 <= years) & (years <= 9999)


def _checked(name, rows, dates, good, texts):
    if not good.all():
        index = int(np.argmin(good))
        where = "" if rows is None else f" in row {rows[index]}"
        raise InputError(f"{name} has the date {shown(texts[index])}{where}: give a day")
    return dates
