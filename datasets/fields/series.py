"""A series of fields: values per time step, cell and channel."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class FieldSeries:
    """Fields at equal time steps.

    Args:
        times: datetime64[s] array (steps,), ascending, equally spaced.
        values: float32 array (steps, height, width, channels); NaN outside the region. Cells that
            are no grid, such as zones, are one row: height 1.
        channels: list of str.
        filled: int, missing values inside the region that were interpolated.
        filled_steps: int, missing time steps that were inserted.

    Example:

    >>> times = np.datetime64("2019-01-01T00", "s") + np.arange(3) * np.timedelta64(3600, "s")
    >>> values = np.ones((3, 2, 2, 1), "float32")
    >>> values[:, 0, 0] = np.nan
    >>> series = FieldSeries(times, values, ["in"])
    >>> len(series), series.step, series.mask.tolist(), series[1:].times[0]
    (3, 3600, [[False, True], [True, True]], np.datetime64('2019-01-01T01:00:00'))
    """

    times: np.ndarray
    values: np.ndarray
    channels: list
    filled: int = 0
    filled_steps: int = 0

    def __len__(self):
        return len(self.times)

    def __getitem__(self, steps):
        """`FieldSeries`, a slice of the time steps."""
        return FieldSeries(self.times[steps], self.values[steps], self.channels)

    @property
    def interpolated(self):
        """str, how much was interpolated; empty if nothing was."""
        if not (self.filled or self.filled_steps):
            return ""
        return f"interpolated {self.filled} values and {self.filled_steps} time steps"

    @property
    def step(self):
        """int, seconds between two time steps, of which there have to be two."""
        return int((self.times[1] - self.times[0]) / np.timedelta64(1, "s"))

    @property
    def mask(self):
        """bool array (height, width), the cells inside the region."""
        return ~np.isnan(self.values).all(axis=(0, 3))
