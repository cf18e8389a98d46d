"""Reads a user's fields."""

from pathlib import Path

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.paths import check_file
from rnnzoo.datasets.common.utf8 import decoded
from rnnzoo.datasets.fields.arrays import npy_fields, npz_fields
from rnnzoo.datasets.fields.checked_fields import checked_fields
from rnnzoo.datasets.fields.csv_fields import csv_fields
from rnnzoo.datasets.fields.timeline import times_from

SUFFIXES = (".npy", ".npz", ".csv")


def read_fields(path, start=None, step=None, fill=None):
    """The `FieldSeries` of a file.

    Args:
        path: str or path of an .npz with `values` and `times`, an .npy or .npz without times, or a
            .csv, see `csv_fields`; for shapes, negative and missing values see `checked_fields`.
        start, step: str, the times of a file that has none, see `times_from`.
        fill: `"linear"` interpolates missing values and time steps; None refuses them.

    Raises:
        InputError: it cannot be read, or is refused by one of these.
    """
    if fill not in (None, "linear"):
        raise InputError(f"fill is {shown(fill)}: give 'linear' or None")
    path = Path(path)
    check_file(path, f"give a file that ends in {', '.join(SUFFIXES)}")
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{path} does not end in {', '.join(SUFFIXES)}: give a file that does")
    if suffix == ".csv":
        values, times = csv_fields(path.name, decoded(path.read_bytes(), path))
    elif suffix == ".npz":
        values, times = npz_fields(path)
    else:
        values, times = npy_fields(path), None
    if times is None:
        times = times_from(path.name, start, step, len(values) if values.ndim else 0)
    elif (start, step) != (None, None):
        raise InputError(f"{path.name} has times: leave --start and --step out")
    return checked_fields(path.name, times, values, fill=fill is not None)
