"""Values in other units than POWER's are refused."""

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.weather.parameters import PARAMETERS

UNITS = {"C": "degrees Celsius", "1": "numbers", "%": "percent"}
# Of all values of a place over months, the largest is above this.
LEAST_MAXIMUM = {"RH2M": (1, "a fraction"), "QV2M": (0.05, "kg/kg")}


def check_units(name, days, columns):
    """Checks that values are physically possible.

    Args:
        name: str or path, the name of the file in messages.
        days: datetime64 array (days,).
        columns: dict from parameter to a float array (days,); missing values are NaN.

    Raises:
        InputError: a value is outside the range of its parameter, or all humidities are so small
            that they are in another unit. The message has the unit that it may be.
    """
    for parameter, values in columns.items():
        low, high = PARAMETERS[parameter].low, PARAMETERS[parameter].high
        wrong = (values < low) | (values > high)
        if wrong.any():
            index = int(wrong.argmax())
            _refuse(name, parameter, values[index], days[index])
        least, unit = LEAST_MAXIMUM.get(parameter, (-np.inf, None))
        known = np.flatnonzero(~np.isnan(values))
        if len(known) and values[known].max() <= least:
            index = known[values[known].argmax()]
            _refuse(name, parameter, values[index], days[index], unit, "at most ")


def _refuse(name, parameter, value, day, unit=None, most=""):
    about = PARAMETERS[parameter]
    unit = unit or _hint(about, value)
    hint = f" ({unit}?)" if unit else ""
    raise InputError(
        f"{name}: {parameter} has {most}{value:g} at {day.astype('datetime64[D]')}, give "
        f"{UNITS.get(about.unit, about.unit)} from {about.low:g} to {about.high:g}{hint}"
    )


def _hint(about, value):
    """The unit that a value outside the range may be in, or None."""
    if about.unit == "C" and value > about.high:
        return "Fahrenheit" if value < 150 else "Kelvin"
    if about.unit == "kPa" and value > about.high:
        return "Pa" if value > 10_000 else "hPa"
    if about.scale == "fraction" and 1 < value <= 100:
        return "percent"
    return None
