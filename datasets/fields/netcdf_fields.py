"""Fields from NetCDF files."""

import warnings

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import system_reason
from rnnzoo.datasets.fields.cf_fields import FORM, dataset_fields, open_dataset
from rnnzoo.datasets.fields.damaged import decoding

NETCDF_SUFFIXES = (".nc", ".nc4")


def netcdf_fields(path):
    """(values, times, channels) of a NetCDF file, see `dataset_fields`.

    Args:
        path: `pathlib.Path` of a file of NetCDF 3, or of NetCDF 4.

    Raises:
        InputError: it is no such file, or the extra is missing.
    """
    try:
        with open(path, "rb") as file:
            engine = "scipy" if file.read(3) == b"CDF" else "h5netcdf"
        with warnings.catch_warnings():
            # Of several fill values, or values that 32 bits do not hold, which are refused.
            warnings.simplefilter("ignore")
            with open_dataset(path, path, engine) as dataset, decoding(path):
                return dataset_fields(path, dataset, path.stat().st_size)
    except InputError:
        raise
    except Exception as problem:  # a file can hold anything
        reason = system_reason(problem)
        raise InputError(
            f"{path} cannot be read: {reason}"
            if reason
            else f"{path} is no NetCDF file: give {FORM}"
        ) from None
