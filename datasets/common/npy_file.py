"""Reads an .npy file of a user's: its header may claim anything."""

import math
import os

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.system_errors import system_reason


def read_npy(path, form):
    """The array of an .npy file, memory-mapped: nothing is allocated for what is not there.

    Args:
        path: str or path of a file.
        form: str, what would be accepted: `"an .npy file of numbers (time, features)"`.

    Returns:
        numpy array, read-only.

    Raises:
        InputError: it is no .npy file, holds objects, or has fewer bytes than its header claims.
    """
    try:
        shape, dtype, present = _header(path)
        claimed = math.prod(shape) * dtype.itemsize
        if claimed <= present or dtype.hasobject:  # whose content is of any length, and refused
            return np.lib.format.open_memmap(path, mode="r")
    except Exception as problem:  # a header can hold anything
        if reason := system_reason(problem):
            raise InputError(f"{path} cannot be read: {reason}") from None
        raise InputError(f"{path} is no .npy file of numbers: give {form}") from None
    raise InputError(
        f"{path} claims the shape {shown(shape)} of {dtype}, {claimed} bytes, and is cut off "
        f"after {present}: give {form}"
    )


def _header(path):
    """(shape, dtype, bytes after the header); those of later versions differ in field names."""
    with open(path, "rb") as file:
        if np.lib.format.read_magic(file) == (1, 0):
            shape, _, dtype = np.lib.format.read_array_header_1_0(file)
        else:
            shape, _, dtype = np.lib.format.read_array_header_2_0(file)
        return shape, dtype, os.fstat(file.fileno()).st_size - file.tell()
