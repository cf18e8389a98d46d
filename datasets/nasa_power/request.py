"""What NASA POWER is asked for."""

import re
from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.common.arguments import is_number
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.weather.parameters import PARAMETERS

FIRST = np.datetime64("1981-01-01")  # POWER has no earlier day
COMMUNITY = "RE"  # renewable energy; it is the units of some parameters


@dataclass(frozen=True)
class Request:
    """The days of a point.

    Args:
        lat, lon: float, degrees with four decimals, about 10 m; north and east are positive.
        days: datetime64[D] array.
    """

    lat: float
    lon: float
    days: np.ndarray

    @property
    def name(self):
        """str, the name of a file of the answer."""
        return f"daily_{self.lat:.4f}_{self.lon:.4f}_{self._first}_{self._last}.json"

    @property
    def query(self):
        """dict, the query of POWER's interface."""
        return {
            "parameters": ",".join(PARAMETERS),  # 20, the most that it takes
            "community": COMMUNITY,
            "longitude": f"{self.lon:.4f}",
            "latitude": f"{self.lat:.4f}",
            "start": self._first,
            "end": self._last,
            "format": "JSON",
        }

    @property
    def keys(self):
        """List of str, the days as the answer has them: `"20010703"`."""
        return [day.replace("-", "") for day in self.days.astype(str).tolist()]

    @property
    def _first(self):
        return self.keys[0]

    @property
    def _last(self):
        return self.keys[-1]


def checked_request(lat, lon, start, end):
    """The `Request` of a user's arguments, see `rnnzoo.datasets.nasa_power.fetch.fetch`.

    Raises:
        InputError: one is no latitude, longitude or day, or the days are not in order.
    """
    lat, lon = _degrees("lat", lat, 90), _degrees("lon", lon, 180)
    first, last = _day("start", start), _day("end", end)
    if not FIRST <= first <= last:
        raise InputError(
            f"start is {first} and end is {last}: give days from {FIRST} on, the earlier one first"
        )
    return Request(lat, lon, np.arange(first, last + 1))


def _degrees(name, value, most):
    if not is_number(value) or abs(value) > most:
        raise InputError(f"{name} is {shown(value)}: give degrees from {-most} to {most}")
    return round(float(value), 4) + 0.0  # no minus zero


def _day(name, value):
    text = str(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d([T ]00:00(:00(\.0+)?)?)?", text, re.A):
        try:
            return np.datetime64(text[:10], "D")
        except ValueError:
            pass
    raise InputError(f"{name} is {shown(value)}: give a day such as 2001-07-03")
