"""Fields from a CSV file: a row per time step, a column per cell."""

import numpy as np

from rnnzoo.datasets.common.csv_table import number_in, read_cells
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.iso_times import iso_times

MISSING = ("", "nan", "na")


def csv_fields(name, text):
    """The fields of a CSV file.

    Args:
        name: str or path, the name of the file in messages.
        text: str; the first column are times, such as `2019-01-01T00`, and the header has their
            name and those of the cells. An empty value is missing.

    Returns:
        (float64 array (time, cells), datetime64[s] array (time,), list of int, the numbers of the
        rows in the file).

    Raises:
        InputError: it has no rows or no cells, a row has more or fewer fields than the header, or
            a value is no number.
    """
    header, rows = read_cells(name, text)
    if not rows or len(header) < 2:
        raise InputError(f"{name} has no fields: give a header, and a time and a cell per row")
    values = [[_number(name, cell, number) for cell in cells[1:]] for number, cells in rows]
    lines = [number for number, _ in rows]
    return np.array(values), iso_times(name, [cells[0] for _, cells in rows], lines), lines


def _number(name, cell, row):
    return float("nan") if cell.lower() in MISSING else number_in(name, cell, row)
