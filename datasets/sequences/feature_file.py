"""A sequence of features in a file of a user's own."""

import csv
from pathlib import Path

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.npy_file import read_npy
from rnnzoo.datasets.common.numbers import number_of
from rnnzoo.datasets.common.system_errors import reason_of
from rnnzoo.datasets.common.utf8 import decoded

SUFFIXES = (".npy", ".csv")
FORM = "an .npy file of numbers (time, features), or a .csv file with a row per time step"


def read_features(path):
    """Reads a feature sequence.

    Args:
        path: str or path of an `.npy` file, or of a `.csv` file with a row of numbers per time
            step; a first row without a single number is a header.

    Returns:
        float32 array (time, features).

    Raises:
        InputError: the file cannot be read, has another shape, no time step, or values that are
            not finite.
    """
    path = Path(path)
    try:
        values = _read_csv(path) if path.suffix.lower() == ".csv" else _read_array(path)
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {reason_of(problem)}") from None
    if values.ndim != 2 or not values.size:
        raise InputError(f"{path} has the shape {values.shape}: give (time, features)")
    if not np.isfinite(values).all():
        raise InputError(f"{path} has values that are not finite: give numbers")
    return values


def _read_array(path):
    array = read_npy(path, FORM)
    if array.dtype.kind not in "biuf":
        raise InputError(f"{path} is no .npy file of numbers: give {FORM}")
    with np.errstate(over="ignore"):  # infinite then, and refused
        return np.array(array, "float32")


def _read_csv(path):
    rows = [row for row in csv.reader(decoded(path.read_bytes(), path).splitlines()) if row]
    if rows and not any(map(_is_number, rows[0])):
        del rows[0]
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise InputError(
                f"{path}, time step {number}: {len(row)} numbers, the first one has {len(rows[0])}"
            )
        if wrong := [cell for cell in row if not _is_number(cell)]:
            raise InputError(f"{path}, time step {number}: {shown(wrong[0])} is no number")
    with np.errstate(over="ignore"):
        return np.array(rows, "float64").astype("float32")


def _is_number(cell):
    return number_of(cell) is not None
