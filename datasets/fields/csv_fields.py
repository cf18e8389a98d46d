"""Fields from a CSV file: a row per time step, a column per cell."""

import csv

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.numbers import number_of
from rnnzoo.datasets.fields.arrays import iso_times

MISSING = ("", "nan", "na")
DELIMITERS = ",;\t"


def csv_fields(name, text):
    """(values (time, cells), times) of a CSV file.

    Args:
        name: str or path, the name of the file in messages.
        text: str; the first column are times, such as `2019-01-01T00`, and the header has their
            name and those of the cells. An empty value is missing.

    Raises:
        InputError: it has no rows or no cells, a row has more or fewer fields than the header, or
            a value is no number.
    """
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    reader = csv.reader(lines, delimiter=max(DELIMITERS, key=first.count))
    rows = [row for row in reader if any(cell.strip() for cell in row)]
    if len(rows) < 2 or len(rows[0]) < 2:
        raise InputError(f"{name} has no fields: give a header, and a time and a cell per row")
    header, rows = rows[0], rows[1:]
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise InputError(
                f"{name} has {len(row)} fields in row {number}: give {len(header)}, as the header"
            )
    values = [
        [_number(name, cell.strip(), number) for cell in row[1:]]
        for number, row in enumerate(rows, start=2)
    ]
    return np.array(values, "float32"), iso_times(name, [row[0].strip() for row in rows])


def _number(name, cell, row):
    if cell.lower() in MISSING:
        return float("nan")
    value = number_of(cell)
    if value is None:
        raise InputError(f"{name} has the value {shown(cell)} in row {row}: give a number")
    return value
