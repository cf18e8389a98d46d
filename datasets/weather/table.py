"""What a file of weather has: parameters at the times of its rows."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class WeatherTable:
    """Rows of a file, before they are checked.

    Args:
        times: datetime64[s] array (rows,), in the order of the file.
        columns: dict from a name of `PARAMETERS` to a float array (rows,); missing values are NaN.
        skipped: list of str, columns that are no parameter of `PARAMETERS`.
        rows: list of int (rows,), the numbers of the rows in the file; None where it has none.
    """

    times: np.ndarray
    columns: dict
    skipped: list = field(default_factory=list)
    rows: list = None
