"""Reads rates from a CSV file with a date and a value in each row.

Delimiter, decimal mark, separators of thousands and the order of dates are read from the whole
file. Where two readings fit, the file is refused, both are shown, and an option decides.
"""

import codecs
import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.utf8 import decoded
from rnnzoo.datasets.rates.csv_columns import EMPTY, date_column, named_column, value_column
from rnnzoo.datasets.rates.csv_dates import parsed_dates
from rnnzoo.datasets.rates.csv_numbers import parsed_numbers
from rnnzoo.datasets.rates.csv_options import DELIMITERS, CsvOptions
from rnnzoo.datasets.rates.csv_table import Table, read_table
from rnnzoo.datasets.rates.series import Rates
from rnnzoo.datasets.rates.unit_change import unit_change


def read_rates(path, least=1, **options):
    """Reads a CSV file with the columns `date` and `value`, in any order of its rows.

    A file of two columns may call the value as it likes. A day without a rate, such as a holiday,
    has an empty value, and is left out.

    Args:
        path: str or path.
        least: int, the smallest accepted number of rates.
        options: see `CsvOptions`: `column`, `delimiter`, `decimal`, `date_order`.

    Returns:
        `Rates`, values (time,); its `reading` is how the file was read.

    Raises:
        InputError: the file cannot be read, or a column is missing; it can be read in two ways; a
            row has more or fewer fields than the header; a date is none or is there twice; a
            value is no number above 0; a value is 20 times the one before it or more, or as much
            less, which is a change of unit; or there are fewer than `least`. The message names
            the row.
    """
    options = CsvOptions(**options)
    table = read_table(path, _text(path), options.delimiter)
    date = date_column(table)
    value = value_column(table, date, options.column)
    series = _series(table, date, [value], options)
    rates = Rates(series.dates, series.values[:, 0])
    check_unit(path, rates.dates, rates.values)
    if len(rates) < least:
        raise InputError(f"{path} has {len(rates)} rates: give at least {least}")
    return replace(rates, reading=_summary(path, rates, series.reading))


def parsed_columns(name, text, columns, date_order=None):
    """Numbers of a text that has a date in each row.

    Args:
        name: str or path, the name of the text in messages.
        text: str.
        columns: dict from the name of a column to its accepted headers, in small letters.
        date_order: see `CsvOptions`.

    Returns:
        `Rates`, values (time, columns), oldest first.

    Raises:
        InputError: see `read_rates`.
    """
    table = read_table(name, text)
    indices = [named_column(table, column, headers) for column, headers in columns.items()]
    return _series(table, date_column(table), indices, CsvOptions(date_order=date_order))


def _text(path):
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path} is a folder: give a CSV file with columns date and value")
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError(
            f"{path} does not exist: give a CSV file with columns date and value"
        ) from None
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # Excel's "Unicode text"
        try:
            raw = raw.decode("utf-16").encode()
        except UnicodeDecodeError:
            raise InputError(f"{path} is no UTF-16 as it begins to be: give UTF-8") from None
    return decoded(raw, path)


def _series(table, date, values, options):
    """`Rates` of some columns of a table, oldest first."""
    dates, dates_as = parsed_dates(table.name, table.column(date), options.date_order)
    present = [any(cells[index] not in EMPTY for index in values) for _, cells in table.rows]
    rows = list(itertools.compress(table.rows, present))
    table = Table(table.name, table.delimiter, table.header, rows)
    dates = dates[np.array(present, bool)]
    order = np.argsort(dates, kind="stable")
    dates = dates[order]
    twice = dates[1:][dates[1:] == dates[:-1]]
    if len(twice):
        raise InputError(f"{table.name} has {twice[0]} twice: give each date once")

    def plausible(numbers):
        return all(unit_change(column[order]) is None for column in numbers.T)

    numbers, decimal = parsed_numbers(table, values, date, options.decimal, plausible)
    without = len(present) - len(rows)
    reading = [
        f"{', '.join(repr(table.header[index]) for index in values)} by {table.header[date]!r}",
        f"dates {dates_as}",
        *([decimal] if decimal else []),
        f"between {DELIMITERS.get(table.delimiter, table.delimiter)}s",
        *([f"{without} dates without a rate"] if without else []),
    ]
    return Rates(dates, numbers[order], ", ".join(reading))


def _summary(path, rates, reading):
    span = f" from {rates.dates[0]} to {rates.dates[-1]}" if len(rates) else ""
    return f"{Path(path).name}: {len(rates)} {rates.frequency_name} rates{span}; {reading}"


def check_unit(name, dates, values):
    """Checks that no rate is many times the one before it, as after a change of unit.

    Args:
        name: name of the series in messages.
        dates: datetime64 array (time,).
        values: float array (time,), above 0.

    Raises:
        InputError: names the date and the factor.
    """
    index = unit_change(values)
    if index is not None:
        before, after = values[index - 1 : index + 1]
        factor = max(before / after, after / before)
        raise InputError(
            f"{name} goes from {before:g} to {after:g} on {dates[index]}, a factor of "
            f"{factor:.3g}: give the whole series in one unit"
        )
