"""The parameters of NASA POWER that are read, their units and ranges."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """A daily parameter.

    Args:
        unit: str, POWER's.
        low, high: float, the widest range of the parameter on Earth, in that unit.
        scale: str, how its values are distributed: `"none"` (around a mean), `"percent"` (0 to
            100), `"fraction"` (0 to 1), `"sqrt"` (at least 0, and skewed), `"angle"` (degrees) or
            `"rain"` (0 on many days).
        about: str, what it is.
        high_of_hours: float, `high` of an hour, where it is above that of a day's mean.
    """

    unit: str
    low: float
    high: float
    scale: str
    about: str
    high_of_hours: float = None


def _air(about, low=-95, high=62, high_of_hours=None):
    return Parameter("C", low, high, "none", about, high_of_hours)


def _wetness(depth):
    return Parameter("1", 0, 1, "fraction", f"Soil wetness, {depth}; 1 is saturated")


def _speed(height):
    return Parameter("m/s", 0, 110, "sqrt", f"Wind speed at {height}")


def _direction(height):
    return Parameter("degrees", 0, 360, "angle", f"Direction the wind comes from at {height}")


# In the order of the channels of every series.
PARAMETERS = {
    "T2M": _air("Mean air temperature at 2 m"),
    "T2MDEW": _air("Dew or frost point at 2 m", -110, 40),
    "T2MWET": _air("Wet bulb temperature at 2 m", -95, 45),
    "T2M_MAX": _air("Maximum air temperature at 2 m"),
    "T2M_MIN": _air("Minimum air temperature at 2 m"),
    "TS": _air("Mean temperature of the surface of the earth", high_of_hours=90),
    "QV2M": Parameter("g/kg", 0, 45, "sqrt", "Specific humidity at 2 m"),
    "RH2M": Parameter("%", 0, 100, "percent", "Relative humidity at 2 m"),
    "PRECTOTCORR": Parameter("mm/day", 0, 2000, "rain", "Rain and melted snow, bias corrected"),
    "PS": Parameter("kPa", 45, 110, "none", "Pressure at the surface of the earth"),
    "WS10M": _speed("10 m"),
    "WD10M": _direction("10 m"),
    "WS50M": _speed("50 m"),
    "WD50M": _direction("50 m"),
    "ALLSKY_SFC_UV_INDEX": Parameter("1", 0, 25, "sqrt", "Mean ultraviolet index, with clouds", 45),
    "ALLSKY_SFC_UVA": Parameter(
        "W/m^2", 0, 100, "sqrt", "Mean UVA at the surface, with clouds", 150
    ),
    "ALLSKY_SFC_UVB": Parameter("W/m^2", 0, 10, "sqrt", "Mean UVB at the surface, with clouds", 15),
    "GWETTOP": _wetness("0 to 5 cm deep"),
    "GWETROOT": _wetness("0 to 100 cm deep"),
    "GWETPROF": _wetness("down to the bedrock"),
}
