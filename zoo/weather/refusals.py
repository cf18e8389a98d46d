"""Weather that cannot be used, in one line; a served model refuses it in the same words."""

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.weather.parameters import PARAMETERS
from rnnzoo.datasets.weather.units import UNITS
from rnnzoo.weather.parameter_cells import HIGHEST

VALUE = "{parameter} is {value} in row {row}: give {accepted}, or NaN"
LARGEST = float(np.finfo("float32").max)


def ranges(scales):
    """What the values of parameters may be: those of `PARAMETERS`, others by their scale.

    Args:
        scales: dict from parameter to scale.

    Returns:
        (float32 array (parameters,), the lowest; array like it, the highest; list of str, that in
        words).

    Example:

    >>> ranges({"RH2M": "percent", "SNOW": "sqrt"})[2]
    ['percent from 0 to 100', 'finite numbers of at least 0']
    """
    low, high, accepted = zip(*(_range(name, scales[name]) for name in scales), strict=True)
    return np.array(low, "float32"), np.array(high, "float32"), list(accepted)


def _range(name, scale):
    if name in PARAMETERS:
        about = PARAMETERS[name]
        low, high = about.low, about.high
        return low, high, f"{UNITS.get(about.unit, about.unit)} from {low:g} to {high:g}"
    if scale in HIGHEST:
        return 0.0, HIGHEST[scale], f"numbers from 0 to {HIGHEST[scale]:g}"
    if scale in ("none", "angle"):
        return -LARGEST, LARGEST, "finite numbers"
    return 0.0, LARGEST, "finite numbers of at least 0"


def check_values(values, scales):
    """Refuses values outside the ranges of their parameters.

    Args:
        values: array (days, 1, 1, parameters).
        scales: dict from parameter to scale.

    Raises:
        InputError: names the first of them.
    """
    low, high, accepted = ranges(scales)
    wrong = (values < low) | (values > high)
    if wrong.any():
        row, _, _, channel = (int(i) for i in np.argwhere(wrong)[0])
        raise InputError(
            VALUE.format(
                parameter=list(scales)[channel],
                value=f"{values[row, 0, 0, channel]:g}",
                row=row,
                accepted=accepted[channel],
            )
        )
