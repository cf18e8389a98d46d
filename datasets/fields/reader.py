"""Reads a user's fields."""

from pathlib import Path

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.paths import check_exists, check_file, file_bytes
from rnnzoo.datasets.common.utf8 import decoded
from rnnzoo.datasets.fields.arrays import npy_fields, npz_fields
from rnnzoo.datasets.fields.checked_fields import checked_fields
from rnnzoo.datasets.fields.csv_fields import csv_fields
from rnnzoo.datasets.fields.netcdf_fields import NETCDF_SUFFIXES, netcdf_fields
from rnnzoo.datasets.fields.timeline import times_from
from rnnzoo.datasets.fields.zarr_fields import ZARR_SUFFIXES, zarr_fields

SUFFIXES = (".npy", ".npz", ".csv", *ZARR_SUFFIXES, *NETCDF_SUFFIXES)
NEGATIVE = "values"


def read_fields(path, start=None, step=None, fill=None, negative=None):
    """The `FieldSeries` of a file.

    Args:
        path: str or path of an .npz or Zarr store with `values` and `times`, an .npy, .npz or Zarr
            array without times, a .csv, or a NetCDF file or Zarr store as xarray writes it, see
            `zarr_fields`, `csv_fields` and `netcdf_fields`; for shapes and missing values see
            `checked_fields`.
        start, step: str, the times of a file that has none, see `times_from`.
        fill: `"linear"` interpolates missing values and time steps; None refuses them.
        negative: `"values"` takes numbers below 0 as values, -1 too, such as temperatures in
            degrees Celsius, as always those of variables of xarray; None refuses all but -1,
            outside the region.

    Raises:
        InputError: it cannot be read, or is refused by one of these.
    """
    if fill not in (None, "linear"):
        raise InputError(f"fill is {shown(fill)}: give 'linear' or None")
    if negative not in (None, NEGATIVE):
        raise InputError(f"negative is {shown(negative)}: give {NEGATIVE!r} or None")
    path, channels, rows = Path(path), None, None
    suffix = next((end for end in SUFFIXES if path.name.lower().endswith(end)), None)
    check = check_exists if suffix == ".zarr" else check_file
    check(path, f"give a file that ends in {', '.join(SUFFIXES)}")
    if suffix is None:
        raise InputError(f"{path} does not end in {', '.join(SUFFIXES)}: give a file that does")
    if suffix in ZARR_SUFFIXES:
        values, times, channels = zarr_fields(path)
    elif suffix in NETCDF_SUFFIXES:
        values, times, channels = netcdf_fields(path)
    elif suffix == ".csv":
        values, times, rows = csv_fields(path.name, decoded(file_bytes(path), path))
    elif suffix == ".npz":
        values, times = npz_fields(path)
    else:
        values, times = npy_fields(path), None
    if times is None:
        times = times_from(path.name, start, step, len(values) if values.ndim else 0)
    elif (start, step) != (None, None):
        raise InputError(f"{path.name} has times: leave --start and --step out")
    signed = negative is not None or channels is not None
    return checked_fields(
        path.name, times, values, channels, fill=fill is not None, signed=signed, rows=rows
    )
