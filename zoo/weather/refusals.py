"""Weather that cannot be used, in one line; a served model refuses it in the same words."""

import numpy as np

from rnnzoo.datasets.common.errors import InputError

VALUE = (
    "{parameter} is {value} in row {row}: give finite numbers, of at least 0 but for temperatures, "
    "pressures and directions, or NaN"
)


def nonnegative(scales):
    """bool array (parameters,): those that cannot be below 0.

    Args:
        scales: dict from parameter to scale.
    """
    return np.array([scale not in ("none", "angle") for scale in scales.values()])


def check_values(values, scales):
    """Refuses infinite values, and negative ones where there are none.

    Args:
        values: array (days, 1, 1, parameters).
        scales: dict from parameter to scale.

    Raises:
        InputError: names the first of them.
    """
    for bad in (np.isinf(values), (values < 0) & nonnegative(scales)):
        if bad.any():
            row, _, _, channel = (int(i) for i in np.argwhere(bad)[0])
            value = f"{values[row, 0, 0, channel]:g}"
            raise InputError(VALUE.format(parameter=list(scales)[channel], value=value, row=row))
