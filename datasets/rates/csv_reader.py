"""Reads rates from a CSV file with a date and a value in each row."""

import csv
import io
import re
from datetime import datetime
from pathlib import Path

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.utf8 import decoded
from rnnzoo.datasets.rates.series import Rates

# Accepted headers of the two columns, in small letters.
DATE = ("date", "observation_date")
VALUE = ("value", "rate", "price", "close")

# Values that publishers write for a day without a rate.
EMPTY = ("", ".")

# No free currency has moved so far in a day; a change of unit has.
WRONG_UNIT = 20

_FORMATS = ((r"\d{4}-\d\d-\d\d", "%Y-%m-%d"), (r"\d\d-\d\d-\d{4}", "%d-%m-%Y"))
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")


def read_rates(path, least=1):
    """Reads a CSV file with the columns `date` and `value`.

    Dates are `2017-08-31` or `31-08-2017`, in any order. A file of two columns may call the value
    as it likes. An empty value is a day without a rate, such as a holiday, and is left out.

    Args:
        path: str or path.
        least: int, the smallest accepted number of rates.

    Returns:
        `Rates`, values (time,).

    Raises:
        InputError: the file cannot be read, or a column is missing; a date is none or is there
            twice; a value is no number above 0; a value is 20 times the one before it or more, or
            as much less, which is a change of unit; or there are fewer than `least`. The message
            names the row's date.
    """
    rates = read_columns(path, {"value": VALUE}, other=True)
    rates = Rates(rates.dates, rates.values[:, 0])
    check_unit(path, rates.dates, rates.values)
    if len(rates) < least:
        raise InputError(f"{path} has {len(rates)} rates: give at least {least}")
    return rates


def read_columns(path, columns, other=False):
    """Reads numbers of a CSV file that has a date in each row.

    Args:
        path: str or path.
        columns: dict from the name of a column to its accepted headers, in small letters.
        other: bool; accept any header where there is one column beside the date.

    Returns:
        `Rates`, values (time, columns), oldest first.

    Raises:
        InputError: see `read_rates`.
    """
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path} is a folder: give a CSV file with columns date and value")
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError(
            f"{path} does not exist: give a CSV file with columns date and value"
        ) from None
    return parsed_columns(path, decoded(raw, path), columns, other)


def parsed_columns(name, text, columns, other=False):
    """As `read_columns`, of a text; `name` stands for it in messages."""
    header, *rows = (row for row in csv.reader(io.StringIO(text)) if row)
    heads = [head.strip().lower() for head in header]
    indices = [_column_index(name, heads, "date", DATE)]
    for column, known in columns.items():
        if other and len(heads) == 2:
            indices.append(1 - indices[0])
        else:
            indices.append(_column_index(name, heads, column, known))
    dates, values = [], []
    for row in rows:
        if len(row) <= max(indices):
            raise InputError(f"{name} has the row {','.join(row)!r}: give {','.join(header)}")
        date, *cells = (row[index].strip() for index in indices)
        day = parsed_date(name, date)
        if all(cell in EMPTY for cell in cells):
            continue
        dates.append(day)
        values.append([parsed_number(name, date, cell) for cell in cells])
    dates = np.array(dates, "datetime64[D]")
    order = np.argsort(dates, kind="stable")
    dates = dates[order]
    twice = dates[1:][dates[1:] == dates[:-1]]
    if len(twice):
        raise InputError(f"{name} has {twice[0]} twice: give each date once")
    return Rates(dates, np.array(values, "float64").reshape(-1, len(columns))[order])


def _column_index(name, heads, column, known):
    indices = [index for index, head in enumerate(heads) if head in known]
    if not indices:
        raise InputError(
            f"{name} has no column {column!r} among {', '.join(heads)}: give a CSV file whose "
            "first row is date,value"
        )
    return indices[0]


def parsed_date(name, text):
    """A datetime64[D] of `2017-08-31` or `31-08-2017`.

    Raises:
        InputError: it is neither, or there is no such day.
    """
    for pattern, form in _FORMATS:
        if re.fullmatch(pattern, text, re.ASCII):
            try:
                return np.datetime64(datetime.strptime(text, form).date())
            except ValueError:
                break
    raise InputError(f"{name} has the date {text!r}: give yyyy-mm-dd or dd-mm-yyyy")


def parsed_number(name, date, text):
    """A float above 0; `1,234.5` is one.

    Raises:
        InputError: it is none.
    """
    try:
        number = float(text.replace(",", "") if _THOUSANDS.fullmatch(text) else text)
    except ValueError:
        number = float("nan")
    if not 0 < number < float("inf"):
        raise InputError(f"{name} has the value {text!r} on {date}: give a number above 0")
    return number


def check_unit(name, dates, values):
    """Checks that no rate is many times the one before it, as after a change of unit.

    Args:
        name: name of the series in messages.
        dates: datetime64 array (time,).
        values: float array (time,), above 0.

    Raises:
        InputError: names the date and the factor.
    """
    steps = np.diff(np.log(values))
    wrong = np.flatnonzero(np.abs(steps) >= np.log(WRONG_UNIT))
    if len(wrong):
        at = wrong[0] + 1
        factor = np.exp(np.abs(steps[wrong[0]]))
        raise InputError(
            f"{name} goes from {values[at - 1]:g} to {values[at]:g} on {dates[at]}, a factor of "
            f"{factor:.3g}: give the whole series in one unit"
        )
