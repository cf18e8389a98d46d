"""Tables of results: rows as CSV, and as lines of aligned columns."""

import csv

from rnnzoo.datasets.common.atomic_write import atomic_file


def columns_of(rows):
    """Names of the columns of all rows, in the order of their first appearance: a list of str."""
    return list(dict.fromkeys(name for row in rows for name in row))


def write_csv(path, rows):
    """Writes rows atomically.

    Args:
        path: `pathlib.Path`.
        rows: list of dict; a cell that a row does not have is left empty.
    """
    with atomic_file(path) as partial, open(partial, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns_of(rows), restval="")
        writer.writeheader()
        writer.writerows(rows)


def aligned(rows, right=False):
    """Lines of aligned columns, the first of which has their names: yields str.

    Args:
        rows: list of dict; a float is shown with six significant digits.
        right: bool, whether cells end where their column does, as numbers are compared.
    """
    names = columns_of(rows)
    table = [names, *([_cell(row.get(name, "")) for name in names] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for line in table:
        pairs = zip(line, widths, strict=True)
        padded = (cell.rjust(width) if right else cell.ljust(width) for cell, width in pairs)
        yield "  ".join(padded).rstrip()


def _cell(value):
    return f"{value:.6g}" if isinstance(value, float) else str(value)
