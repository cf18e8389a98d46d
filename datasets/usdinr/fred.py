"""The series DEXINUS as FRED publishes it, cut to the years that do not change any more."""

import csv
import io

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.rates.csv_columns import EMPTY
from rnnzoo.datasets.rates.csv_reader import parsed_columns

FIRST, LAST = "1973-01-02", "2017-12-01"
HEADER = "date,value\n"


def fixed_years(raw):
    """The rows of a download from 1973-01-02 to 2017-12-01 in one form, as bytes.

    FRED has called the first column `DATE` and `observation_date`, and has written days without a
    rate as `.` and as nothing. Dates are ISO, so they are in order as text.

    Args:
        raw: bytes of the CSV file.

    Raises:
        InputError: it is no such file.
    """
    try:
        rows = list(csv.reader(io.StringIO(raw.decode("ascii"))))[1:]
        lines = [
            f"{date},{'' if value in EMPTY else f'{float(value):.4f}'}"
            for date, value in rows
            if FIRST <= date <= LAST
        ]
    except ValueError as problem:
        raise InputError(f"no CSV file of dates and rates ({problem})") from None
    if not lines:
        raise InputError(f"no row from {FIRST} to {LAST}")
    return (HEADER + "\n".join(lines) + "\n").encode()


def rates(content):
    """`Rates`, values (time, 1), of what `fixed_years` returned; holidays are left out."""
    return parsed_columns("DEXINUS", content.decode(), {"value": ("value",)})
