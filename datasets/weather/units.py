"""Values in other units than POWER's are refused."""

from dataclasses import replace

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.weather.parameters import PARAMETERS

UNITS = {"C": "degrees Celsius", "1": "numbers", "%": "percent"}
MOST_REVERSED = 0.01  # of the days
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
        about = PARAMETERS[parameter]
        _check_range(name, parameter, values, days, about)
        least, unit = LEAST_MAXIMUM.get(parameter, (-np.inf, None))
        known = np.flatnonzero(~np.isnan(values))
        if len(known) and values[known].max() <= least:
            index = known[values[known].argmax()]
            _refuse(name, parameter, values[index], days[index], about, unit, "at most ")


def check_hours(name, times, columns):
    """Checks that hourly values are physically possible, before their means are.

    Args:
        name: str or path, the name of the file in messages.
        times: datetime64 array (hours,).
        columns: dict from parameter to a float array (hours,); missing values are NaN.

    Raises:
        InputError: a value is outside the range of its parameter.
    """
    for parameter, values in columns.items():
        daily = PARAMETERS[parameter]
        high = daily.high if daily.high_of_hours is None else daily.high_of_hours
        hourly = replace(daily, high=high, unit=daily.unit.replace("day", "hour"))
        _check_range(name, parameter, values, times.astype("datetime64[h]"), hourly)


def reversed_days(name, days, columns):
    """The days whose maximum temperature is below the minimum.

    Files of stations have a few of them; many are exchanged columns.

    Args:
        name, days, columns: as for `check_units`.

    Returns:
        datetime64[D] array.

    Raises:
        InputError: they are more than one in a hundred.
    """
    if not {"T2M_MAX", "T2M_MIN"} <= set(columns):
        return days[:0].astype("datetime64[D]")
    maximum, minimum = columns["T2M_MAX"], columns["T2M_MIN"]
    wrong = maximum < minimum
    if wrong.sum() > MOST_REVERSED * (~np.isnan(maximum - minimum)).sum():
        index = int(wrong.argmax())
        raise InputError(
            f"{name}: the maximum temperature is below the minimum on {wrong.sum()} days, "
            f"{maximum[index]:g} and {minimum[index]:g} at {days[index].astype('datetime64[D]')}: "
            "give the higher one as the maximum"
        )
    return days[wrong].astype("datetime64[D]")


def _check_range(name, parameter, values, times, about):
    wrong = (values < about.low) | (values > about.high)
    if wrong.any():
        index = int(wrong.argmax())
        _refuse(name, parameter, values[index], times[index], about)


def _refuse(name, parameter, value, time, about, unit=None, most=""):
    unit = unit or _hint(about, value)
    hint = f" ({unit}?)" if unit else ""
    if np.datetime_data(time)[0] != "h":
        time = time.astype("datetime64[D]")
    raise InputError(
        f"{name}: {parameter} has {most}{value:g} at {time}, give "
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
