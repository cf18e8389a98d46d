"""The benchmarks of a server under load, in short: nothing is lost or wrong, and they can fail."""

import csv
import math
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"


def run(script, out, *arguments):
    """(exit status, rows of the CSV, what it printed) of a benchmark."""
    command = [sys.executable, str(BENCHMARKS / script), "--out", str(out), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    with open(out, newline="") as file:
        return done.returncode, list(csv.DictReader(file)), done.stdout + done.stderr


@pytest.mark.slow
def test_no_request_is_lost_or_wrong_while_versions_change(tmp_path):
    arguments = ["--requests", "2000", "--pause", "0.1"]
    status, rows, printed = run("serving_versions.py", tmp_path / "a.csv", *arguments)
    assert status == 0, printed
    assert "2000 requests: 0 lost, 0 wrong" in printed
    assert {row["server"] for row in rows} == {"named", "--config"}
    assert {"REST", "v2", "sequence_id", "WebSocket"} <= {row["requests"] for row in rows}


@pytest.mark.slow
def test_a_wrong_answer_fails_the_benchmark(tmp_path):
    arguments = ["--requests", "200", "--tolerance", "-1"]  # no answer is near enough
    status, rows, printed = run("serving_versions.py", tmp_path / "a.csv", *arguments)
    assert status == 1
    assert "200 requests: 0 lost, 200 wrong" in printed
    assert sum(int(row["wrong"]) for row in rows) == 200


@pytest.mark.slow
def test_a_soak_has_no_failures(tmp_path):
    """Too short for a slope: an allocator grows in the first minutes."""
    arguments = ["--minutes", "0.6", "--push-seconds", "5", "--most-slope", "1e9"]
    status, rows, printed = run("serving_soak.py", tmp_path / "a.csv", *arguments)
    assert status == 0, printed
    assert len(rows) >= 3 and all(row["failed"] == "0" for row in rows)


@pytest.fixture
def versions(monkeypatch):
    """The module `serving_versions`."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    import serving_versions

    return serving_versions


def test_the_versions_that_may_answer(versions):
    """A newest version, one that is pushed at 10 s and removed at 20 s, and a damaged one."""
    first = versions.Entry(1, 0, (0, 0))
    second = versions.Entry(2, 1, (10, 10.1), (20, 20.1))
    damaged = versions.Entry(3, None, (5, 5.1))
    ledger = versions.Ledger()
    ledger.entries += [first, second, damaged]
    assert ledger.allowed(4, 6) == [first]
    assert ledger.allowed(9, 10.05) == [first, second]
    assert ledger.allowed(10.2, 11) == [second]
    assert ledger.allowed(19, 20.05) == [first, second]
    assert ledger.allowed(21, 22) == [first]
    second.is_whole = False  # damaged after the push: it may have been loaded, or not
    assert ledger.allowed(12, 13) == [first, second]
    stale = versions.Ledger(stale=5)
    stale.entries += [first, versions.Entry(2, 1, (10, 10.1))]
    assert len(stale.allowed(15, 15.5)) == 2 and len(stale.allowed(15.2, 15.5)) == 1


def test_the_version_of_a_label(versions):
    entries = [versions.Entry(number, number, (0, 0), (math.inf, math.inf)) for number in (1, 2)]
    ledger = versions.Ledger(stale=2)
    ledger.entries += entries
    ledger.set_label("stable", 1, 0)
    ledger.set_label("stable", 2, 10)
    assert ledger.labelled("stable", 5, 6) == [entries[0]]
    assert ledger.labelled("stable", 11, 12) == entries
    assert ledger.labelled("stable", 13, 14) == [entries[1]]
