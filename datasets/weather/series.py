"""Daily weather at a point, as a series of fields of one cell."""

from dataclasses import dataclass

from rnnzoo.datasets.fields.series import FieldSeries


@dataclass(frozen=True)
class WeatherSeries(FieldSeries):
    """`FieldSeries` (days, 1, 1, parameters) of a file.

    Args:
        skipped: tuple of str, columns of the file that are none of `PARAMETERS`.
        missing_days: int, days without a row, between others.
        missing: int, missing values between others of their parameter, on days that have a row.
    """

    skipped: tuple = ()
    missing_days: int = 0
    missing: int = 0
