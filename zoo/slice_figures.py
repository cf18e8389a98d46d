"""The figures of a model by slice, and their form on paper."""

import itertools
from dataclasses import dataclass

ALL = "all"  # the dimension, and its value, of all data
COLUMNS = ("dimension", "value", "weight", "figure")
MOST = 40  # values of a dimension that are drawn


@dataclass(frozen=True)
class SliceFigures:
    """The figures of the test split of a model's data, of which less is better.

    Args:
        model: str.
        data: str, what the data is called.
        unit: str, what the figures measure.
        row_unit: str, what the losses measure that a figure is computed from; empty if `unit`.
        rows: list of dict with `COLUMNS` and a column per baseline, the first of `ALL`.
    """

    model: str
    data: str
    unit: str
    row_unit: str
    rows: list

    @property
    def title(self):
        """str, one line."""
        return f"{self.model} on {self.data}: {self.unit}"

    @property
    def whole(self):
        """dict, the row of all data."""
        return self.rows[0]

    @property
    def dimensions(self):
        """dict from dimension to its rows, list of dict, without that of all data."""
        groups = itertools.groupby(self.rows[1:], lambda row: row["dimension"])
        return {dimension: list(rows) for dimension, rows in groups}

    @property
    def baselines(self):
        """list of str."""
        names = (name for row in self.rows for name in row if name not in COLUMNS)
        return list(dict.fromkeys(names))


def heaviest(rows):
    """The rows of the highest weight, at most `MOST`, in their order.

    Args:
        rows: list of dict with `COLUMNS`, one or more.
    """
    weights = sorted((row["weight"] for row in rows), reverse=True)[:MOST]
    return [row for row in rows if row["weight"] >= weights[-1]][:MOST]
