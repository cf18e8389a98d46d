"""The log of every read of a test set: `test_readings.csv`, a row before each.

A test set that is read repeatedly, with settings changed in between, is no longer a test set. This
file shows how often it was read, and by what.
"""

from rnnzoo.pipelines.experiments.harness import csv_log
from rnnzoo.pipelines.experiments.harness.cells import json_digest
from rnnzoo.pipelines.experiments.harness.experiment import settings_json
from rnnzoo.pipelines.experiments.harness.ledger import now

FILE = "test_readings.csv"


def log_read(root, experiment, quick, cell):
    """Logs that a cell is about to read the test set.

    Returns:
        int: 1, or more if the cell has read it before and was interrupted.
    """
    before = [row for row in csv_log.read(root / FILE) if row["cell"] == cell.digest]
    reading = len(before) + 1
    row = {
        "date": now(),
        "experiment": experiment.label(quick),
        "version": str(experiment.version),
        "arm": cell.arm,
        "settings": json_digest(settings_json(cell.settings)),
        "seed": str(cell.seed),
        "cell": cell.digest,
        "reading": str(reading),
    }
    csv_log.append(root / FILE, row)
    return reading


def count_reads(root, experiment, quick, current):
    """Counts how often an experiment has read the test set.

    Args:
        current: set of str, the digests of the cells that the figures are computed from.

    Returns:
        dict of int: `counting` (first read of a current cell), `repeated` (a further read of such a
        cell, after an interruption), `outdated` (of other settings or versions) and `quick` (by
        quick runs, unless this is one).
    """
    counts = dict.fromkeys(("counting", "repeated", "outdated", "quick"), 0)
    for row in csv_log.read(root / FILE):
        if row["experiment"] == experiment.label(quick):
            first = "counting" if row["reading"] == "1" else "repeated"
            counts[first if row["cell"] in current else "outdated"] += 1
        elif row["experiment"] == experiment.label(quick=True):
            counts["quick"] += 1
    return counts
