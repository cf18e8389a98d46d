"""The tests' short recipes of every family on both engines: content digests, seconds per stage.

python benchmarks/engines.py   measures, and writes engines.csv; needs TFX and pytest

It runs the tests that compare the engines, each in folders and caches of its own, and records what
they train. A model is trained by the embedded engine first, so that its seconds include what is
imported and compiled for the first time.
"""

import contextlib
import csv
import datetime
import importlib.metadata
import os
import sqlite3
import sys
import time
from pathlib import Path

import pytest

from rnnzoo.pipelines import pipeline
from rnnzoo.pipelines.core.run_folders import stages_folder
from rnnzoo.pipelines.tfx import run

ROOT = Path(__file__).parents[1]
TARGET = Path(__file__).with_suffix(".csv")
TEST = "test_the_engine_of_tfx_gives_the_same_model"
FILES = [
    f"{ROOT}/tests/pipelines/test_pipeline.py",
    *map(str, sorted(ROOT.glob("tests/pipelines/families/*/test_pipeline.py"))),
]
COLUMNS = ["date", "versions", "cores", "task", "model", "engine", "stage", "seconds", "digest"]
VERSIONS = ("tfx", "tensorflow", "keras", "apache-beam")
ROWS = []


def record(engine, card, stages, seconds):
    """Appends a row per stage and one of the whole run."""
    for stage, spent in [*stages.items(), ("all", seconds)]:
        row = {"task": card["task"], "model": card["name"], "engine": engine, "stage": stage}
        ROWS.append({**row, "seconds": round(spent, 2), "digest": card["content_digest"]})


def embedded(train):
    """`Pipeline.run` that records."""

    def trained(self, *arguments, **options):
        began = time.monotonic()
        folder, card = train(self, *arguments, **options)
        seconds = time.monotonic() - began
        database = stages_folder(self.name) / "lineage.sqlite"
        with contextlib.closing(sqlite3.connect(database)) as connection:
            made = connection.execute("SELECT record ->> 'stage', seconds FROM made ORDER BY rowid")
            record("embedded", card, dict(made.fetchall()), seconds)
        return folder, card

    return trained


def by_tfx(train):
    """`rnnzoo.pipelines.tfx.run.train` that records."""

    def trained(*arguments, **options):
        began = time.monotonic()
        folder, card = train(*arguments, **options)
        seconds = time.monotonic() - began
        nodes = run.recorded_run(card["name"])
        record("tfx", card, {node.name: node.seconds for node in nodes}, seconds)
        return folder, card

    return trained


def main():
    """Runs the tests; returns the exit status."""
    pipeline.Pipeline.run = embedded(pipeline.Pipeline.run)
    run.train = by_tfx(run.train)
    status = pytest.main(["-q", "-m", "tfx", "-k", TEST, "-W", "ignore", *FILES])
    if status:
        return int(status)
    settings = {
        "date": datetime.date.today().isoformat(),
        "versions": " ".join(f"{name} {importlib.metadata.version(name)}" for name in VERSIONS),
        "cores": len(os.sched_getaffinity(0)),
    }
    with open(TARGET, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({**settings, **row} for row in ROWS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
