"""The finished cells of an experiment: a CSV file with one row per cell, never deleted.

A row whose digest belongs to no current cell, because settings or version have changed, stays in
the file and is ignored.
"""

import datetime
import importlib.metadata
import os
import platform

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.harness import csv_log
from rnnzoo.pipelines.experiments.harness.experiment import settings_json

FIXED = ("cell", "date", "arm", "settings", "seed", "seconds", "versions", "cores")

# Suffix of a column that holds lists: the numbers of a field are separated by spaces.
LIST = "[]"


class Ledger:
    """The CSV file of finished cells.

    Args:
        path: Path of the CSV file, which need not exist.

    Raises:
        InputError: the file does not hold cells.
    """

    def __init__(self, path):
        self._path = path
        rows = csv_log.read(path)
        if rows and not set(FIXED) <= rows[0].keys():
            raise InputError(f"{path} holds no cells: its columns must include {list(FIXED)}")
        self._rows = {row["cell"]: row for row in rows}

    def __contains__(self, cell):
        return cell.digest in self._rows

    def digests(self):
        """Returns the digests of all cells in the file."""
        return self._rows.keys()

    def provenance(self, digest):
        """Returns a dict of str with the columns `FIXED`: when and with what a cell was run."""
        return {name: self._rows[digest][name] for name in FIXED}

    def results(self, digest):
        """Returns the raw results of a cell: dict from name to a float or a list of floats.

        Raises:
            InputError: a field of its row is not a number.
        """
        try:
            return {
                name.removesuffix(LIST): _parse_numbers(name, text)
                for name, text in self._rows[digest].items()
                if name not in FIXED and text
            }
        except ValueError as problem:
            raise InputError(f"{self._path}, cell {digest}: {problem}") from None

    def add(self, cell, results, seconds):
        """Appends the row of a finished cell.

        Args:
            cell: `Cell`.
            results: dict from name to a float or a list of floats.
            seconds: float, duration of the training.

        Raises:
            InputError: a result is neither.
        """
        row = {
            "cell": cell.digest,
            "date": now(),
            "arm": cell.arm,
            "settings": settings_json(cell.settings),
            "seed": str(cell.seed),
            "seconds": f"{seconds:.2f}",
            "versions": _versions(),
            "cores": str(os.cpu_count()),
        }
        for name, value in results.items():
            column, text = _to_field(name, value)
            row[column] = text
        csv_log.append(self._path, row)
        self._rows[cell.digest] = row


def now():
    """Returns the current time (UTC) in ISO format."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _versions():
    packages = ("tensorflow", "keras", "numpy")
    numbers = [f"{name} {importlib.metadata.version(name)}" for name in packages]
    return ", ".join([f"python {platform.python_version()}", *numbers])


def _to_field(name, value):
    """(column, text) of a result; the text has every digit."""
    if name in FIXED or name.endswith(LIST):
        raise InputError(f"a result cannot be called {name!r}: give it another name")
    try:
        array = np.asarray(value)
    except ValueError:  # ragged lists
        array = np.array([])
    if array.dtype.kind not in "iuf" or array.ndim > 1 or array.size == 0:
        raise InputError(f"result {name!r} is {value!r}: give a float or a list of floats")
    if array.ndim == 0:
        return name, repr(float(array))
    return name + LIST, " ".join(repr(float(number)) for number in array)


def _parse_numbers(name, text):
    return [float(part) for part in text.split()] if name.endswith(LIST) else float(text)
