"""Figures by slice: a table of the rows that `Family.evaluation_rows` yields."""

from rnnzoo import slice_figures
from rnnzoo.datasets.common.natural_order import natural_key
from rnnzoo.slice_figures import ALL

FILE = "slices.csv"
COLUMNS = ("split", *slice_figures.COLUMNS)


def slice_table(rows, figure_of):
    """The figure of each slice, and of each whole split.

    Args:
        rows: iterable of dict, see `Family.evaluation_rows`.
        figure_of: function from a mean loss to a figure, see `Family.figure_of`.

    Returns:
        list of dict with `COLUMNS` and a column per baseline, by split and dimension in the order
        of the rows, and by value in natural order; the first of a split is that of `ALL`. `weight`
        is a sum, `figure` that of the weighted mean loss. Empty without rows.
    """
    sums = {}
    for row in rows:
        losses = {"figure": row["loss"], **row["baselines"]}
        for dimension, value in ((ALL, ALL), *row["slices"].items()):
            slices = sums.setdefault(row["split"], {}).setdefault(dimension, {})
            columns = slices.setdefault(value, {})
            for column, loss in losses.items():
                total, weight = columns.get(column, (0.0, 0.0))
                columns[column] = total + row["weight"] * loss, weight + row["weight"]
    return [
        {
            **dict(zip(COLUMNS, (split, dimension, value, columns["figure"][1]), strict=False)),
            **{column: figure_of(total / weight) for column, (total, weight) in columns.items()},
        }
        for split, dimensions in sums.items()
        for dimension, slices in dimensions.items()
        for value, columns in sorted(slices.items(), key=lambda item: natural_key(item[0]))
    ]
