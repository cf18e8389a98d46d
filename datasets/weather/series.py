"""Daily weather at a point, as a series of fields of one cell."""

from dataclasses import dataclass

from rnnzoo.datasets.fields.series import FieldSeries

MOST = 10  # columns that a note names


@dataclass(frozen=True)
class WeatherSeries(FieldSeries):
    """`FieldSeries` (days, 1, 1, parameters) of a file.

    Args:
        skipped: tuple of str, columns of the file that are none of `PARAMETERS`.
        missing_days: int, days without a row, between others.
        missing: int, missing values between others of their parameter, on days that have a row.
        reversed_days: tuple of datetime64[D], days whose maximum temperature is below the minimum.
    """

    skipped: tuple = ()
    missing_days: int = 0
    missing: int = 0
    reversed_days: tuple = ()

    @property
    def note(self):
        """str, one line about what was not read as it stands; empty if there is nothing.

        Example:

        >>> import numpy as np
        >>> day, value = np.array(["2001-07-03"], "datetime64[s]"), np.ones((1, 1, 1, 1))
        >>> WeatherSeries(day, value, ["T2M"], skipped=("WS2M", "PSC"), missing_days=2).note
        'skipped WS2M, PSC; 2 days and 0 values are missing'
        """
        notes = []
        if self.skipped:
            more = len(self.skipped) - MOST
            rest = f" and {more} more columns" if more > 0 else ""
            notes.append(f"skipped {', '.join(self.skipped[:MOST])}{rest}")
        if self.missing_days or self.missing:
            notes.append(f"{self.missing_days} days and {self.missing} values are missing")
        if self.reversed_days:
            first, count = self.reversed_days[0], len(self.reversed_days)
            notes.append(f"{count} days with a maximum below the minimum, the first {first}")
        return "; ".join(notes)
