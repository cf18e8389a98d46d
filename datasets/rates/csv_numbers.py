"""Numbers of CSV columns: one decimal mark for all of them, and separators of thousands."""

import re

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.rates.csv_options import DECIMALS
from rnnzoo.datasets.rates.series import LARGEST, SMALLEST

# What separates thousands beside the mark that is not decimal: spaces, and apostrophes.
_SPACES = " \u00a0\u202f'\u2019"


def _form(decimal, other):
    digits = rf"(?:\d+|[1-9]\d{{0,2}}(?P<mark>[{other}{_SPACES}])\d{{3}}(?:(?P=mark)\d{{3}})*)"
    if other == ",":  # and by two, as in India: 12,34,567
        digits = rf"(?:{digits}|[1-9]\d?(?:,\d\d)+,\d{{3}})"
    fraction = rf"[{decimal}]\d+"
    return re.compile(
        rf"[+-]?(?:{digits}(?:{fraction})?|{fraction})(?:[eE][+-]?\d{{1,3}})?", re.ASCII
    )


_FORMS = {".": _form(".", ","), ",": _form(",", ".")}

# Cells of other columns that have a decimal mark beyond doubt, such as "-0,37%" and "0.9225".
_EVIDENCE = re.compile(r"[+-]?(?:\d+([.,])(?:\d\d?|\d{4,})|0?([.,])\d{3})[%KMB]?", re.ASCII)


def is_number(text):
    """Whether a text is a number with one decimal mark or the other."""
    return any(form.fullmatch(text) for form in _FORMS.values())


def parsed_numbers(table, columns, date, decimal=None, plausible=None):
    """The numbers of some columns.

    The decimal mark is the one with which every cell is a number. Where both marks fit and mean
    other numbers, these decide in turn: `plausible`; the other columns of the file; and a comma
    between the cells, beside which a point is decimal.

    Args:
        table: `Table`; its rows have a number in each of these columns.
        columns: list of int.
        date: int, the column of the dates, for messages.
        decimal: str, or None: the file decides.
        plausible: function from the numbers, float64 array (rows, columns), to a bool.

    Returns:
        (float64 array (rows, columns), str: `"decimal comma"`, or empty where there is no mark).

    Raises:
        InputError: a cell is no number above 0 or is beyond float32, or both marks fit; the
            message has its row.
    """
    cells = [
        (f"on {row[date]} (row {number})", row[index])
        for number, row in table.rows
        for index in columns
    ]
    marks = [decimal] if decimal else list(DECIMALS)
    readings, misfits = {}, {}
    for mark in marks:
        misfit = next((cell for cell in cells if not _FORMS[mark].fullmatch(cell[1])), None)
        if misfit is None:
            numbers = [_number(text, mark) for _, text in cells]
            readings[mark] = np.array(numbers, "float64").reshape(-1, len(columns))
        else:
            misfits[mark] = misfit
    if not readings:
        raise _no_number(table, cells, misfits, decimal)
    mark = next(iter(readings)) if len(readings) == 1 else None
    if mark is None:
        mark = _decided(table, columns, cells, readings, plausible)
    values = readings[mark]
    for (where, text), value in zip(cells, values.ravel(), strict=True):
        if not SMALLEST <= value <= LARGEST:
            accepted = "a number above 0"
            if value > 0:
                accepted = f"a number from {SMALLEST:g} to {LARGEST:g}, in another unit"
            raise InputError(f"{table.name} has the value {shown(text)} {where}: give {accepted}")
    marked = any(mark in text for _, text in cells)
    return values, f"decimal {DECIMALS[mark]}" if marked else ""


def _number(text, mark):
    other = "," if mark == "." else "."
    for separator in other + _SPACES:
        text = text.replace(separator, "")
    return float(text.replace(mark, "."))


def _decided(table, columns, cells, readings, plausible):
    point, comma = readings["."], readings[","]
    if np.array_equal(point, comma):
        return "."
    if plausible is not None:
        likely = [mark for mark, values in readings.items() if plausible(values)]
        if len(likely) == 1:
            return likely[0]
    marks = {
        match[1] or match[2]
        for _, row in table.rows
        for index, text in enumerate(row)
        if index not in columns and (match := _EVIDENCE.fullmatch(text))
    }
    if len(marks) == 1:
        return marks.pop()
    if table.delimiter == "," and not any("," in text for _, text in cells):
        return "."
    index = np.flatnonzero(point.ravel() != comma.ravel())[0]
    where, text = cells[index]
    raise InputError(
        f"{table.name} has the value {shown(text)} {where}, {point.ravel()[index]:.12g} with "
        f"a decimal point and {comma.ravel()[index]:.12g} with a decimal comma: decide with "
        "--decimal . or --decimal ,"
    )


def _no_number(table, cells, misfits, decimal):
    strange = [cell for cell in cells if not is_number(cell[1])]
    if not strange and decimal is None:
        (where, text), (elsewhere, other) = misfits.values()
        return InputError(
            f"{table.name} has the value {shown(text)} {where} and {shown(other)} {elsewhere}: "
            "give one decimal mark"
        )
    where, text = strange[0] if strange else misfits[decimal]
    mark = "" if strange else f" with a decimal {DECIMALS[decimal]}"
    return InputError(
        f"{table.name} has the value {shown(text)} {where}: give a number above 0{mark}"
    )
