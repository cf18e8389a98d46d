"""Fields from .npy and .npz files."""

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.npy_file import read_npy
from rnnzoo.datasets.common.system_errors import system_reason
from rnnzoo.datasets.fields.iso_times import iso_times

FORM = "an array of numbers (time, ...)"
VALUES, TIMES = "values", "times"


def npz_fields(path):
    """(values, times) of an .npz file with the arrays `values` and `times`, or with one array.

    Args:
        path: `pathlib.Path`. Times are datetime64, or ISO dates as strings.

    Returns:
        (array (time, ...), datetime64 array (time,) or None).

    Raises:
        InputError: it is no such file.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            content = {name: arrays[name] for name in arrays.files}
    except Exception as problem:  # a file can hold anything
        reason = system_reason(problem)
        raise InputError(
            f"{path} cannot be read: {reason}"
            if reason
            else f"{path} is no .npz file of numbers: give the arrays {VALUES} and {TIMES}"
        ) from None
    return named_fields(path, list(content), content.get)


def named_fields(path, names, read):
    """(values, times) among named arrays: `values` and `times`, or the only array.

    Args:
        path: `pathlib.Path`, for messages.
        names: list of str.
        read: function from a name to the array.

    Returns:
        (array (time, ...), datetime64 array (time,) or None).

    Raises:
        InputError: there is no such array, or times are none.
    """
    if VALUES not in names and len(names) == 1:
        return read(names[0]), None
    if VALUES not in names:
        there = ", ".join(names) or "no array"
        raise InputError(f"{path} has {shown(there)}: give the arrays {VALUES} and {TIMES}")
    return read(VALUES), iso_times(path, read(TIMES)) if TIMES in names else None


def npy_fields(path):
    """The values of an .npy file, an array (time, ...).

    Raises:
        InputError: it is no such file.
    """
    return read_npy(path, FORM)
