"""The finished cells of an experiment: a CSV file with a row each, kept for good.

A row whose digest no cell has any more, because settings or version have changed, stays in the
file and is not looked at.
"""

import datetime
import importlib.metadata
import os
import platform

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.harness import csv_log
from rnnzoo.pipelines.experiments.harness.experiment import as_text

FIXED = ("cell", "date", "arm", "settings", "seed", "seconds", "versions", "cores")

# Marks a column that holds a list: its numbers stand in one field, separated by spaces.
LIST = "[]"


class Ledger:
    """The file and what is in it.

    Args:
        path: Path of the CSV file, which need not exist.

    Raises:
        InputError: it is not a file of cells.
    """

    def __init__(self, path):
        self._path = path
        rows = csv_log.read(path)
        if rows and not set(FIXED) <= rows[0].keys():
            raise InputError(f"{path} has no rows of cells: its columns must have {list(FIXED)}")
        self._rows = {row["cell"]: row for row in rows}

    def __contains__(self, cell):
        return cell.digest in self._rows

    def digests(self):
        """The digests of all cells in the file."""
        return self._rows.keys()

    def row(self, digest):
        """What is known about a cell's making: dict of str, the columns of `FIXED`."""
        return {name: self._rows[digest][name] for name in FIXED}

    def results(self, digest):
        """The raw results of a cell: dict from name to a float or a list of floats.

        Raises:
            InputError: a field of its row is no number.
        """
        try:
            return {
                name.removesuffix(LIST): _numbers(name, text)
                for name, text in self._rows[digest].items()
                if name not in FIXED and text
            }
        except ValueError as problem:
            raise InputError(f"{self._path}, cell {digest}: {problem}") from None

    def add(self, cell, results, seconds):
        """Writes the row of a finished cell.

        Args:
            cell: `Cell`.
            results: dict from name to a float or a list of floats.
            seconds: float that it took.

        Raises:
            InputError: a result is neither.
        """
        row = {
            "cell": cell.digest,
            "date": now(),
            "arm": cell.arm,
            "settings": as_text(cell.settings),
            "seed": str(cell.seed),
            "seconds": f"{seconds:.2f}",
            "versions": _versions(),
            "cores": str(os.cpu_count()),
        }
        for name, value in results.items():
            column, text = _written(name, value)
            row[column] = text
        csv_log.append(self._path, row)
        self._rows[cell.digest] = row


def now():
    """The time as logs have it."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _versions():
    packages = ("tensorflow", "keras", "numpy")
    numbers = [f"{name} {importlib.metadata.version(name)}" for name in packages]
    return ", ".join([f"python {platform.python_version()}", *numbers])


def _written(name, value):
    """The column and the text of a result; the text has every digit."""
    if name in FIXED or name.endswith(LIST):
        raise InputError(f"a result cannot be called {name!r}: give it another name")
    try:
        array = np.asarray(value)
    except ValueError:  # lists in it are not of one length
        array = np.array([])
    if array.dtype.kind not in "iuf" or array.ndim > 1 or array.size == 0:
        raise InputError(f"result {name!r} is {value!r}: give a float or a list of floats")
    if array.ndim == 0:
        return name, repr(float(array))
    return name + LIST, " ".join(repr(float(number)) for number in array)


def _numbers(name, text):
    return [float(part) for part in text.split()] if name.endswith(LIST) else float(text)
