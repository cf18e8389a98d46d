"""The days at a place that forecasts are evaluated on."""

from dataclasses import dataclass

import numpy as np

LEADS = (1, 2, 3, 5, 7, 10, 14)  # days
NEAR = slice(0, 3)  # of `LEADS`, those of the figure


@dataclass(frozen=True)
class PlaceTest:
    """A span of days at a place that is predicted.

    Args:
        place: str.
        values: float32 array (days, parameters) up to the span's end, NaN where missing.
        start: int, the first day of the span.
        train: int, days that baselines are fitted to.
        every: int, days between two forecasts. If not 1, which days these are changes figures by
            up to 0.03.
    """

    place: str
    values: np.ndarray
    start: int
    train: int
    every: int = 1

    @property
    def origins(self):
        """int array, the first day that each forecast predicts."""
        return np.arange(self.start, len(self.values) - max(LEADS) + 1, self.every)

    @property
    def days(self):
        """int array (origins, leads), the days that are predicted."""
        return self.origins[:, None] + np.array(LEADS) - 1

    @property
    def truth(self):
        """float64 array (origins, leads, parameters)."""
        return self.values[self.days].astype("float64")
