"""The attributes that say how values are packed and times are counted, by the conventions (CF)."""

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown

NUMBERS = ("scale_factor", "add_offset")


def check_packing(path, dataset):
    """Checks the attributes of a data set that is not decoded yet.

    Args:
        path: `pathlib.Path`, for messages.
        dataset: `xarray.Dataset`.

    Raises:
        InputError: a scale factor or an offset is not one finite number, a scale factor is 0, or
            units or a calendar are no text.
    """
    for variable, content in dataset.variables.items():
        attributes = content.attrs
        for name in NUMBERS:
            if name in attributes and not _is_number(attributes[name], name):
                raise InputError(
                    f"{path} has the {name} {_shown(attributes[name])} of {variable}: give a number"
                    + (" other than 0" if name == NUMBERS[0] else "")
                )
        for name in ("units", "calendar"):
            if not isinstance(attributes.get(name, ""), str):
                raise InputError(
                    f"{path} has the {name} {_shown(attributes[name])} of {variable}: give a text"
                )


def _is_number(value, name):
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind not in "iuf":
        return False
    return bool(np.isfinite(array).all() and (name != NUMBERS[0] or array.all()))


def _shown(value):
    return shown(value.tolist() if isinstance(value, np.ndarray | np.generic) else value)
