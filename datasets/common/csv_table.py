"""The rows of a CSV file as dictionaries of the columns that are needed."""

import csv

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.numbers import number_of

DELIMITERS = ",;\t"


def read_rows(name, text, required, optional=()):
    """The rows of a CSV file with a header; empty rows are left out.

    Args:
        name: str or path, the name of the file in messages.
        text: str, lines end with a line feed; the delimiter is the one of comma, semicolon and tab
            that splits the header into the most fields.
        required: collection of str, columns; their case does not matter.
        optional: collection of str, columns that are read where there are any; others are not.

    Returns:
        list of (int, the number of the row in the file, from 1; dict from column to str without
        white space around it).

    Raises:
        InputError: a required column is missing or there twice, or a row has more or fewer fields
            than the header.
    """
    reader, header = _opened(name, text)
    columns = {}
    for column in (*required, *optional):
        if header.count(column) > 1:
            raise InputError(f"{name} has the column {column!r} twice: give it once")
        if column in header:
            columns[column] = header.index(column)
        elif column in required:
            raise InputError(
                f"{name} has the columns {shown(', '.join(header))} and no {column!r}: give the "
                f"columns {', '.join(required)}"
            )
    rows = []
    for cells in _cells(name, reader):
        if not any(cell.strip() for cell in cells):
            continue
        _check_fields(name, reader.line_num, cells, header)
        row = {column: cells[index].strip() for column, index in columns.items()}
        rows.append((reader.line_num, row))
    return rows


def number_in(name, text, row):
    """float, the number in a cell.

    Args:
        name: str or path, the name of the file in messages.
        text: str.
        row: int, the number of its row in messages.

    Raises:
        InputError: it is none.
    """
    value = number_of(text)
    if value is None:
        raise InputError(f"{name} has the value {shown(text)} in row {row}: give a number")
    return value


def read_cells(name, text):
    """The header and the rows of a CSV file whose columns have no fixed names.

    Args:
        name, text: as for `read_rows`.

    Returns:
        (list of str, the columns in lower case; list of (int, the number of the row in the file;
        list of str, its cells)); empty rows are left out.

    Raises:
        InputError: a row has more or fewer fields than the header, or is no CSV.
    """
    reader, header = _opened(name, text)
    rows = []
    for cells in _cells(name, reader):
        if any(cell.strip() for cell in cells):
            _check_fields(name, reader.line_num, cells, header)
            rows.append((reader.line_num, [cell.strip() for cell in cells]))
    return header, rows


def header_of(name, text):
    """list of str, the columns of a CSV file in lower case."""
    return _opened(name, text)[1]


def _check_fields(name, number, cells, header):
    if len(cells) != len(header):
        raise InputError(
            f"{name} has {len(cells)} fields in row {number}: give {len(header)}, as the header"
        )


def _opened(name, text):
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, strict=True)
    header = next((cells for cells in _cells(name, reader) if any(map(str.strip, cells))), [])
    return reader, [column.strip().casefold() for column in header]


def _cells(name, reader):
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            raise InputError(
                f"{name} has a row {reader.line_num} that is no CSV ({problem}): close its quotes"
            ) from None
