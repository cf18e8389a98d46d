"""Records of predictions as plain data, and as JSON lines or CSV."""

import json
import math

import numpy as np

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.table import write_csv

SUFFIXES = (".jsonl", ".csv")


def plain(value):
    """A value as JSON has it: arrays as lists, float32 with its own digits, None if not finite.

    Example:

    >>> import numpy as np
    >>> plain({"p": np.array([0.1, np.nan], "float32"), "n": np.int64(2)})
    {'p': [0.1, None], 'n': 2}
    """
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.float32):
        value = float(str(value))
    if isinstance(value, np.ndarray) and value.dtype == np.float32 and value.ndim:
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def flat(record):
    """A record as a row of a table: what is nested has a column per value.

    Example:

    >>> flat({"file": "a.npy", "p": {"golf": 0.9}, "cell": [3, 5]})
    {'file': 'a.npy', 'p.golf': 0.9, 'cell.0': 3, 'cell.1': 5}
    """
    row = {}
    for key, value in record.items():
        if isinstance(value, list):
            value = {str(index): item for index, item in enumerate(value)}
        if isinstance(value, dict):
            row |= {f"{key}.{inner}": item for inner, item in flat(value).items()}
        else:
            row[key] = value
    return row


class _Rows:
    """The rows of a journal, read again each time that they are iterated over."""

    def __init__(self, journal):
        self._journal = journal

    def __iter__(self):
        return map(flat, self._journal.records())


def write_records(out, journal):
    """Writes the records of a journal to a file, which appears complete.

    Args:
        out: `pathlib.Path` that ends in one of `SUFFIXES`.
        journal: `rnnzoo.pipelines.bulk_inference.journal.Journal`.
    """
    if out.suffix.lower() == ".csv":
        write_csv(out, _Rows(journal))
        return
    with atomic_file(out) as partial, open(partial, "w", encoding="utf-8", newline="\n") as file:
        for record in journal.records():
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
