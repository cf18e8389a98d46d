"""An append-only CSV file; a kill at any moment loses at most the row being written.

A row is on the disk before `append` returns. A kill may leave an incomplete last line: readers skip
it and the next `append` truncates it.
"""

import csv
import io
import os

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.locks import file_lock

# A curve of many epochs is one field; Python's default limit would refuse to read it back.
csv.field_size_limit(2**31 - 1)


def read(path):
    """Returns the rows of a file, a list of dict of str; empty if the file does not exist.

    Raises:
        InputError: the file is not CSV, or a line has another number of fields than the header.
    """
    return _parsed(path, _complete_lines(path.read_bytes()))[1] if path.is_file() else []


def append(path, row):
    """Appends a row; new columns are empty in earlier rows.

    Args:
        path: Path of the file, which need not exist.
        row: dict from column to str.
    """
    # Two experiments may append to the log of test set reads at once.
    with file_lock(path), open(path, "a+b") as file:
        file.seek(0)
        raw = file.read()
        complete = _complete_lines(raw)
        if len(complete) < len(raw):
            file.truncate(len(complete))
        columns, rows = _parsed(path, complete)
        wider = columns + [name for name in row if name not in columns]
        if wider == columns:
            file.write(_lines(columns, [row]))
        elif not columns:
            file.write(_header(wider) + _lines(wider, [row]))
        else:
            with atomic_file(path) as partial:
                partial.write_bytes(_header(wider) + _lines(wider, [*rows, row]))
        file.flush()
        os.fsync(file.fileno())


def _complete_lines(raw):
    return raw[: raw.rfind(b"\n") + 1]


def _parsed(path, raw):
    try:
        lines = list(csv.reader(io.StringIO(raw.decode(), newline=""), strict=True))
    except (csv.Error, UnicodeDecodeError) as problem:
        raise InputError(f"{path} is not a CSV file ({problem}): restore or remove it") from None
    columns = lines[0] if lines else []
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(columns):
            raise InputError(
                f"{path}, line {number}: {len(line)} fields where the header has "
                f"{len(columns)}: restore or remove the line"
            )
    return columns, [dict(zip(columns, line, strict=True)) for line in lines[1:]]


def _header(columns):
    return _lines(columns, [dict(zip(columns, columns, strict=True))])


def _lines(columns, rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writerows(rows)
    return text.getvalue().encode()
