"""The arrays of a user's `.npz` file, checked before anything is trained."""

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.paths import check_file
from rnnzoo.datasets.common.system_errors import reason_of

REQUIRED = ("x_train", "y_train", "x_test", "y_test")
OPTIONAL = ("x_validation", "y_validation")

# Fraction of the training samples, the last ones, that serves as validation set if the file has no
# validation arrays.
VALIDATION_FRACTION = 0.2


def read_arrays(path):
    """Reads and checks the arrays of an `.npz` file.

    Args:
        path: str or Path of a file with the arrays `REQUIRED`, and both or neither of `OPTIONAL`.

    Returns:
        dict from name to array, validation arrays included. If these are split off, `x_fit` and
        `y_fit` are the rest of the training samples.

    Raises:
        InputError: the file is not such an archive, or an array is missing, empty, not finite or
            differs in length from its partner.
    """
    check_file(path, f"give an .npz file with {', '.join(REQUIRED)}")
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {reason_of(problem)}") from None
    except Exception as problem:  # headers can hold anything, and claim shapes beyond the memory
        reason = reason_of(problem)
        raise InputError(f"{path} is not a readable .npz file of arrays: {reason}") from None
    missing = [name for name in REQUIRED if name not in arrays]
    if missing:
        raise InputError(
            f"{path} has no {', '.join(missing)}: give {', '.join(REQUIRED)}, "
            f"and optionally {' and '.join(OPTIONAL)}"
        )
    for name in (*REQUIRED, *OPTIONAL):
        if name in arrays and (arrays[name].ndim == 0 or arrays[name].dtype.kind not in "biuf"):
            raise InputError(
                f"{path}: {name} is of type {arrays[name].dtype} and shape {arrays[name].shape}, "
                "give numbers, one row per sample"
            )
    optional = [name for name in OPTIONAL if name in arrays]
    if len(optional) == 1:
        raise InputError(f"{path} has {optional[0]} alone: give both of {' and '.join(OPTIONAL)}")
    if not optional:
        _split_off_validation(arrays, path)
    for part in ("train", "validation", "test"):
        _check_part(arrays[f"x_{part}"], arrays[f"y_{part}"], part, path)
    return arrays


def _split_off_validation(arrays, path):
    count = len(arrays["x_train"])
    if count < 2:
        raise InputError(f"{path}: x_train has {count} samples, give two or more")
    cut = count - max(1, round(VALIDATION_FRACTION * count))
    for letter in "xy":
        arrays[f"{letter}_validation"] = arrays[f"{letter}_train"][cut:]
        arrays[f"{letter}_fit"] = arrays[f"{letter}_train"][:cut]


def _check_part(x, y, part, path):
    if len(x) == 0 or len(x) != len(y):
        raise InputError(f"{path}: x_{part} has {len(x)} samples and y_{part} has {len(y)}")
    for letter, array in (("x", x), ("y", y)):
        if not np.all(np.isfinite(array)):
            raise InputError(f"{path}: {letter}_{part} has values that are not finite")
