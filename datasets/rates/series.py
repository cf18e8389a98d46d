"""Series of rates, with the weekdays that have none and the dates that come next."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rnnzoo.datasets.rates.frequency import inferred

IRREGULAR = "irregular"

# The rates that forecasters read, in float32 and with room for paths that move away from them.
SMALLEST, LARGEST = 1e-30, 1e30


@dataclass(frozen=True)
class Rates:
    """A series, oldest first.

    Args:
        dates: datetime64 array (time,), ascending: days, or seconds of rates within a day.
        values: float64 array (time,), or (time, columns); all above 0.
        reading: str, how they were read from a file; empty of others.
    """

    dates: np.ndarray
    values: np.ndarray
    reading: str = ""

    def __len__(self):
        return len(self.dates)

    def __getitem__(self, rows):
        """The series of a slice of rows."""
        return Rates(self.dates[rows], self.values[rows])

    @property
    def gaps(self):
        """int array (time,): weekdays without a rate between the row before and this one."""
        return weekdays_between(self.dates)

    @cached_property
    def frequency(self):
        """The `Frequency` that the dates have, or None."""
        return inferred(self.dates)

    @property
    def frequency_name(self):
        """`"business-daily"`, `"monthly"`, ..., or `"irregular"`."""
        return self.frequency.name if self.frequency else IRREGULAR


def weekdays_between(dates):
    """Weekdays that lie between each date and the one before it; 0 for the first.

    >>> import numpy as np
    >>> weekdays_between(np.array(["2024-01-05", "2024-01-08", "2024-01-10"], "datetime64[D]"))
    array([0, 0, 1])
    """
    days = dates.astype("datetime64[D]")
    gaps = np.zeros(len(days), int)
    gaps[1:] = np.maximum(np.busday_count(days[:-1] + 1, days[1:]), 0)
    return gaps
