"""The cells of a CSV file: its delimiter, its header, and rows that have as many fields as that."""

import csv
import re
from dataclasses import dataclass

from rnnzoo.datasets.common.errors import MOST, InputError, shown
from rnnzoo.datasets.rates.csv_options import DELIMITERS

COMMENT = "#"

# The first line by which Excel names the delimiter.
_SEPARATOR = re.compile(r"sep=(.)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """A CSV file as text cells without white space around them.

    Args:
        name: str or path, the name of the file in messages.
        delimiter: str.
        header: list of str.
        rows: list of (int, list of str): number of the row in the file, from 1, and its cells.
    """

    name: object
    delimiter: str
    header: list
    rows: list

    def column(self, index):
        """list of (row, cell) of a column."""
        return [(row, cells[index]) for row, cells in self.rows]


def read_table(name, text, delimiter=None):
    """The `Table` of a text.

    Empty rows and lines that begin with `#` are left out. The delimiter is the one of comma,
    semicolon and tab that splits the header; where several do, the one that splits all rows alike.

    Args:
        name: str or path, the name of the text in messages.
        text: str, lines end with a line feed.
        delimiter: str, or None: the text decides.

    Raises:
        InputError: two delimiters fit; a row has more or fewer fields than the header; a quote is
            not closed. The message has the number of the row.
    """
    lines = ["" if line.lstrip().startswith(COMMENT) else line for line in text.split("\n")]
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise InputError(f"{name} has only comments: give a CSV file with a first row date,value")
    separator = _SEPARATOR.fullmatch(lines[first])
    if separator:
        lines[first], delimiter = "", delimiter or separator[1]
    if delimiter is None:
        delimiter = _delimiter(name, lines)
    return _split(name, lines, delimiter)


def _delimiter(name, lines):
    tables, problems = {}, []
    for delimiter in DELIMITERS:
        header = _header(lines, delimiter)
        if len(header) < 2:
            continue
        try:
            tables[delimiter] = _split(name, lines, delimiter)
        except InputError as problem:
            problems.append((delimiter, problem))
    if len(tables) > 1:
        (a, first), (b, second) = list(tables.items())[:2]
        raise InputError(
            f"{name} has {_columns(first)} by {DELIMITERS[a]} and {_columns(second)} by "
            f"{DELIMITERS[b]}: decide with --delimiter"
        )
    if tables:
        return next(iter(tables))
    # The delimiter of the header, whose problem is told; a header of one column has none.
    return problems[0][0] if problems else ","


def _columns(table):
    return f"the columns {shown(' | '.join(table.header))}"


def _header(lines, delimiter):
    return next((row for row in _reader(lines, delimiter, strict=False) if any(row)), [])


def _reader(lines, delimiter, strict=True):
    lines = (line + "\n" for line in lines)
    return csv.reader(lines, delimiter=delimiter, strict=strict, skipinitialspace=True)


def _split(name, lines, delimiter):
    rows, reader = [], _reader(lines, delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as problem:
            raise InputError(
                f"{name} has a row {reader.line_num} that is no CSV ({problem}): close its quotes"
            ) from None
        cells = [cell.strip() for cell in cells]
        if any(cells):
            rows.append((reader.line_num, cells))
    if not rows:
        raise InputError(f"{name} has no cell: give a CSV file with a first row date,value")
    (_, header), *rows = rows
    header = [" ".join(cell.split()) for cell in header]  # lines of a quoted header
    header, rows = _without_trailing_delimiter(header, rows)
    for row, cells in rows:
        # A header of one column is told to be that by who looks for the date.
        if len(cells) != len(header) > 1:
            raise _wrong_length(name, row, cells, header, delimiter)
    return Table(name, delimiter, header, rows)


def _without_trailing_delimiter(header, rows):
    """Without the empty cell after a delimiter at the end of each row."""
    size = len(header)
    if rows and all(len(cells) == size + 1 and not cells[-1] for _, cells in rows):
        return header, [(row, cells[:-1]) for row, cells in rows]
    if size > 1 and not header[-1]:
        if all(len(cells) == size and not cells[-1] for _, cells in rows):
            return header[:-1], [(row, cells[:-1]) for row, cells in rows]
        if all(len(cells) == size - 1 for _, cells in rows):
            return header[:-1], rows
    return header, rows


def _wrong_length(name, row, cells, header, delimiter):
    size = f"{len(cells)} field{'' if len(cells) == 1 else 's'} instead of {len(header)}"
    if delimiter == "," and len(cells) > len(header):
        size += ", and a number with a comma needs quotes"
    return InputError(
        f"{name} has the row {shown(delimiter.join(cells))}: give {delimiter.join(header)[:MOST]} "
        f"(row {row} has {size})"
    )
