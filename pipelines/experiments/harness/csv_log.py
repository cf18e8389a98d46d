"""A CSV file that only grows, and that a kill at any moment costs at most the row at work.

A row is written at once and is on the disk before `append` returns. What a kill may leave is a
last line without its end: readers pass over it and the next `append` cuts it off.
"""

import csv
import io
import os

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.locks import file_lock

# A curve of many epochs is one field, and Python's limit would refuse to read it back.
csv.field_size_limit(2**31 - 1)


def read(path):
    """The rows of a file, as dicts of str; none if it does not exist.

    Raises:
        InputError: names the line that is no row.
    """
    return _parsed(path, _whole_lines(path.read_bytes()))[1] if path.is_file() else []


def append(path, row):
    """Adds a row; columns that the file does not have yet are empty in its earlier rows.

    Args:
        path: Path of the file, which need not exist.
        row: dict from column to str.
    """
    # Two experiments may share the log of readings.
    with file_lock(path), open(path, "a+b") as file:
        file.seek(0)
        raw = file.read()
        whole = _whole_lines(raw)
        if len(whole) < len(raw):
            file.truncate(len(whole))
        columns, rows = _parsed(path, whole)
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


def _whole_lines(raw):
    return raw[: raw.rfind(b"\n") + 1]


def _parsed(path, raw):
    try:
        lines = list(csv.reader(io.StringIO(raw.decode(), newline=""), strict=True))
    except (csv.Error, UnicodeDecodeError) as problem:
        raise InputError(f"{path} is no CSV file ({problem}): restore or remove it") from None
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
