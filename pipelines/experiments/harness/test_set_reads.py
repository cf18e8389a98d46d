"""The log of every reading of a test set: `test_readings.csv`, a row before each.

A test set that is read again and again, and settings changed in between, is no test set any
more. This file shows how often it was read, by whatever.
"""

from rnnzoo.pipelines.experiments.harness import csv_log
from rnnzoo.pipelines.experiments.harness.cells import digest
from rnnzoo.pipelines.experiments.harness.experiment import as_text
from rnnzoo.pipelines.experiments.harness.ledger import now

FILE = "test_readings.csv"


def note(root, experiment, quick, cell):
    """Writes down that a cell is about to be given the test data.

    Returns:
        int: 1, or more if it had them before and did not end.
    """
    before = [row for row in csv_log.read(root / FILE) if row["cell"] == cell.digest]
    reading = len(before) + 1
    row = {
        "date": now(),
        "experiment": experiment.label(quick),
        "version": str(experiment.version),
        "arm": cell.arm,
        "settings": digest(as_text(cell.settings)),
        "seed": str(cell.seed),
        "cell": cell.digest,
        "reading": str(reading),
    }
    csv_log.append(root / FILE, row)
    return reading


def counted(root, experiment, quick, current):
    """How often an experiment has read the test set.

    Args:
        current: set of str, the digests of the cells that count.

    Returns:
        dict of int: `counting` (a first reading of a cell that counts), `repeated` (another one
        of such a cell, after an interruption), `outdated` (of other settings or versions) and
        `quick` (by quick runs, unless this is one).
    """
    counts = dict.fromkeys(("counting", "repeated", "outdated", "quick"), 0)
    for row in csv_log.read(root / FILE):
        if row["experiment"] == experiment.label(quick):
            first = "counting" if row["reading"] == "1" else "repeated"
            counts[first if row["cell"] in current else "outdated"] += 1
        elif row["experiment"] == experiment.label(quick=True):
            counts["quick"] += 1
    return counts
