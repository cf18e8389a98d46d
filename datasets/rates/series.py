"""Daily series of rates, with the weekdays that have none."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Rates:
    """A daily series, oldest first.

    Args:
        dates: datetime64[D] array (time,), ascending.
        values: float64 array (time,), or (time, columns); all above 0.
    """

    dates: np.ndarray
    values: np.ndarray

    def __len__(self):
        return len(self.dates)

    def __getitem__(self, rows):
        """The series of a slice of rows."""
        return Rates(self.dates[rows], self.values[rows])

    @property
    def gaps(self):
        """int array (time,): weekdays without a rate between the row before and this one."""
        return weekdays_between(self.dates)


def weekdays_between(dates):
    """Weekdays that lie between each date and the one before it; 0 for the first.

    >>> import numpy as np
    >>> weekdays_between(np.array(["2024-01-05", "2024-01-08", "2024-01-10"], "datetime64[D]"))
    array([0, 0, 1])
    """
    gaps = np.zeros(len(dates), int)
    gaps[1:] = np.maximum(np.busday_count(dates[:-1] + 1, dates[1:]), 0)
    return gaps
