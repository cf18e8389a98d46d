"""The tests' short recipes of every family on both engines: content digests, seconds per stage.

python benchmarks/engines.py   measures the families that engines.csv lacks; needs TFX and pytest

It runs the tests that compare the engines, each in folders and caches of its own, and records what
they train. A model is trained by the embedded engine first, so that its seconds include what is
imported and compiled for the first time. An interrupted run continues with the next family.
"""

import csv
import datetime
import importlib.metadata
import os
import sys
import time
from pathlib import Path

import pytest

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.pipelines import pipeline
from rnnzoo.pipelines.core.lineage_store import made_stages
from rnnzoo.pipelines.core.run_folders import stages_folder
from rnnzoo.pipelines.tfx import run

ROOT = Path(__file__).parents[1]
TARGET = Path(__file__).with_suffix(".csv")
TEST = "test_the_engine_of_tfx_gives_the_same_model"
FILES = ["tests/pipelines/test_pipeline.py", "tests/pipelines/families/*/test_pipeline.py"]
COLUMNS = ["date", "versions", "cores", "load", "file", "task", "model", "engine", "stage"]
COLUMNS += ["seconds", "digest"]
VERSIONS = ("tfx", "tensorflow", "keras", "apache-beam")
ROWS = []


def record(engine, card, stages, seconds):
    """Appends a row per stage and one of the whole run."""
    about = {
        "date": datetime.date.today().isoformat(),
        "versions": " ".join(f"{name} {importlib.metadata.version(name)}" for name in VERSIONS),
        "cores": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[0], 1),
        "file": os.environ["PYTEST_CURRENT_TEST"].split("::")[0],
        "task": card["task"],
        "model": card["name"],
        "engine": engine,
        "digest": card["content_digest"],
    }
    for stage, spent in [*stages.items(), ("all", seconds)]:
        ROWS.append({**about, "stage": stage, "seconds": round(spent, 2)})


def embedded(train):
    """`Pipeline.run` that records."""

    def trained(self, *arguments, **options):
        began = time.monotonic()
        folder, card = train(self, *arguments, **options)
        seconds = time.monotonic() - began
        rows = made_stages(stages_folder(self.name))
        record("embedded", card, {row["stage"]: row["seconds"] for row in rows}, seconds)
        return folder, card

    return trained


def by_tfx(train):
    """`rnnzoo.pipelines.tfx.run.train` that records, and writes the file."""

    def trained(*arguments, **options):
        began = time.monotonic()
        folder, card = train(*arguments, **options)
        seconds = time.monotonic() - began
        nodes = run.recorded_run(card["name"])
        record("tfx", card, {node.name: node.seconds for node in nodes}, seconds)
        with atomic_file(TARGET) as partial, open(partial, "w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(ROWS)
        return folder, card

    return trained


def main():
    """Runs the tests of the families that the file lacks; returns the exit status."""
    if TARGET.is_file():
        with open(TARGET, newline="") as file:
            ROWS.extend(csv.DictReader(file))
    done = {row["file"] for row in ROWS}
    files = [str(path.relative_to(ROOT)) for pattern in FILES for path in ROOT.glob(pattern)]
    files = [file for file in sorted(files) if file not in done]
    if not files:
        print(f"{TARGET} has all families: remove it to measure again")
        return 0
    pipeline.Pipeline.run = embedded(pipeline.Pipeline.run)
    run.train = by_tfx(run.train)
    os.chdir(ROOT)
    return int(pytest.main(["-q", "-m", "tfx", "-k", TEST, "-W", "ignore", *files]))


if __name__ == "__main__":
    sys.exit(main())
