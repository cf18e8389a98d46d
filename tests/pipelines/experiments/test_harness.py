"""The harness: what is run, in which order, and what an interruption costs."""

import csv
import json
import random
import signal
import subprocess
import sys
import time

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.harness.run import reproduce

# 2 candidates with 2 seeds; 3 arms with 3 seeds.
CELLS = 2 * 2 + 3 * 3


def rows(path, *without):
    with open(path, newline="") as file:
        table = list(csv.DictReader(file))
    return [{k: v for k, v in row.items() if k not in without} for row in table]


def but_for_time(folder):
    """The two files of cells without what differs from run to run."""
    return [rows(folder / name, "date", "seconds") for name in ("choices.csv", "results.csv")]


def trained(calls):
    return [call for call in calls if call[0] == "run"]


@pytest.fixture
def uninterrupted(toy, tmp_path):
    reproduce(toy(), tmp_path / "whole")
    return tmp_path / "whole"


def test_validation_chooses_and_the_test_set_comes_after(watched, tmp_path):
    """The first candidate is better on test, and is not taken: the second is on validation."""
    calls = []
    results = reproduce(watched(calls), tmp_path)
    assert results.settings["nem"] == {"kind": "nem", "validation": 0.2, "test": 0.7}
    assert results.settings["blind"] == {"kind": "blind", "validation": 0.2, "test": 0.7}
    assert calls[0] == ("load", "validation")
    assert calls[1:5] == [("run", "validation", "nem", seed) for seed in (101, 102) * 2]
    assert calls[5] == ("load", "test")
    assert calls[6:9] == [("run", "test", kind, 1) for kind in ("none", "nem", "blind")]
    assert len(trained(calls)) == CELLS


def test_the_choice_is_on_the_disk_before_the_test_data_are_loaded(toy, tmp_path):
    seen = []

    def load(phase):
        seen.append((phase, (tmp_path / "toy/choices.json").is_file()))
        return "train", phase

    reproduce(toy(load=load), tmp_path)
    assert seen == [("validation", False), ("test", True)]


def test_no_choice_without_its_candidates(watched, tmp_path):
    """Whatever stops the choice, the test data are not touched."""
    for stop in range(4):
        calls = []
        with pytest.raises(KeyboardInterrupt):
            reproduce(watched(calls, stop=stop), tmp_path / str(stop))
        assert ("load", "test") not in calls
        assert not (tmp_path / str(stop) / "test_readings.csv").exists()
        assert not (tmp_path / str(stop) / "toy/choices.json").exists()


@pytest.mark.parametrize("problem", [KeyboardInterrupt, RuntimeError("out of memory")])
@pytest.mark.parametrize("stop", range(CELLS))
def test_an_interrupted_run_goes_on_where_it_was(watched, uninterrupted, tmp_path, stop, problem):
    calls = []
    with pytest.raises((KeyboardInterrupt, RuntimeError)):
        reproduce(watched(calls, stop=stop, problem=problem), tmp_path)
    results = reproduce(watched(calls), tmp_path)
    assert len(trained(calls)) == CELLS, "no cell was run twice"
    assert but_for_time(tmp_path / "toy") == but_for_time(uninterrupted / "toy")
    choices = [folder / "toy/choices.json" for folder in (tmp_path, uninterrupted)]
    assert choices[0].read_text() == choices[1].read_text()
    assert results.readings["repeated"] == (stop >= 4), "the test set was read again"


def test_many_interruptions(watched, uninterrupted, tmp_path):
    calls = []
    for stop in range(CELLS):
        with pytest.raises(KeyboardInterrupt):
            reproduce(watched(calls, stop=stop), tmp_path)
    reproduce(watched(calls), tmp_path)
    assert len(trained(calls)) == CELLS
    assert but_for_time(tmp_path / "toy") == but_for_time(uninterrupted / "toy")


def test_a_row_that_a_kill_cut_is_run_again(watched, uninterrupted, tmp_path):
    reproduce(watched([]), tmp_path)
    for name in ("choices.csv", "results.csv"):
        path = tmp_path / "toy" / name
        path.write_bytes(path.read_bytes()[:-7])
    (tmp_path / "toy/choices.json").unlink()
    calls = []
    results = reproduce(watched(calls), tmp_path)
    assert trained(calls) == [("run", "validation", "nem", 102), ("run", "test", "blind", 3)]
    assert but_for_time(tmp_path / "toy") == but_for_time(uninterrupted / "toy")
    assert results.readings == {"counting": 9, "repeated": 1, "outdated": 0, "quick": 0}


SLOW = """
import random, sys, time
sys.path.insert(0, {tests!r})
from conftest import toy_experiment, toy_run
from rnnzoo.pipelines.experiments.harness.experiment import seed_keras
from rnnzoo.pipelines.experiments.harness.run import reproduce

def run(*arguments):
    time.sleep({pause})
    return toy_run(*arguments)

reproduce(toy_experiment({changes}), {out!r})
"""


def slow(request, out, changes="run=run", pause=0.05):
    """A script that runs the toy, with a pause in each cell."""
    tests = str(request.path.parent)
    return SLOW.format(tests=tests, out=str(out), changes=changes, pause=pause)


def start_slow(request, out, **changes):
    command = [sys.executable, "-c", slow(request, out, **changes)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def wait_for_rows(path, count):
    deadline = time.monotonic() + 60
    while not path.is_file() or path.read_bytes().count(b"\n") < count + 1:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(("file", "count"), [("choices.csv", 2), ("results.csv", 4)])
def test_a_killed_process(request, watched, uninterrupted, tmp_path, file, count):
    process = start_slow(request, tmp_path)
    wait_for_rows(tmp_path / "toy" / file, count)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    process.stderr.close()
    written = sum(len(rows(path)) for path in (tmp_path / "toy").glob("*.csv"))
    assert written >= count
    calls = []
    reproduce(watched(calls), tmp_path)
    assert len(trained(calls)) == CELLS - written
    assert but_for_time(tmp_path / "toy") == but_for_time(uninterrupted / "toy")


def test_two_processes_at_once(request, toy, tmp_path):
    process = start_slow(request, tmp_path, pause=0.2)
    wait_for_rows(tmp_path / "toy/choices.csv", 1)
    with pytest.raises(InputError, match=r"another process is at work in .*/toy: wait until"):
        reproduce(toy(), tmp_path)
    reproduce(toy(name="other"), tmp_path)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    readings = rows(tmp_path / "test_readings.csv")
    assert sorted(row["experiment"] for row in readings) == ["other"] * 9 + ["toy"] * 9


def test_a_second_run_does_nothing(watched, tmp_path, capsys):
    first = reproduce(watched([], curve="curve"), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    capsys.readouterr()
    calls = []
    second = reproduce(watched(calls, curve="curve"), tmp_path)
    assert calls == [], "not even the data are loaded"
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"nothing left to do: {tmp_path}/toy has all 9 cells\n"
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert second.as_json() == first.as_json()


def test_a_run_and_a_second_one_need_no_tensorflow(request, tmp_path):
    """The harness itself imports neither; the default way to seed does, before a training."""
    no_more = "assert not {'tensorflow', 'keras'} & sys.modules.keys()"
    for changes in ("run=run", "run=None, load=None, set_seed=seed_keras"):
        code = slow(request, tmp_path, changes) + no_more
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_changed_settings_run_only_their_cells(watched, arms, tmp_path):
    first = []
    reproduce(watched(first), tmp_path)
    calls = []
    results = reproduce(watched(calls, arms=arms(good=0.3)), tmp_path)
    assert trained(calls) == [
        *[("run", "validation", "nem", seed) for seed in (101, 102)],
        *[("run", "test", kind, seed) for seed in (1, 2, 3) for kind in ("nem", "blind")],
    ]
    assert results.settings["nem"]["validation"] == 0.3
    assert results.readings == {"counting": 9, "repeated": 0, "outdated": 6, "quick": 0}
    assert len(rows(tmp_path / "toy/results.csv")) == 15, "the old rows are kept"
    again = []
    assert reproduce(watched(again), tmp_path).settings["nem"]["validation"] == 0.2
    assert trained(again) == [], "they count again when the settings come back"


def test_one_more_seed_runs_only_its_cells(watched, tmp_path):
    reproduce(watched([]), tmp_path)
    calls = []
    reproduce(watched(calls, seeds=(1, 2, 3, 4)), tmp_path)
    assert trained(calls) == [("run", "test", kind, 4) for kind in ("none", "nem", "blind")]


def test_a_new_version_runs_everything_again(watched, tmp_path):
    reproduce(watched([]), tmp_path)
    calls = []
    results = reproduce(watched(calls, version=2), tmp_path)
    assert len(trained(calls)) == CELLS
    assert results.readings["outdated"] == 9
    assert len(results.provenance) == 9


def test_a_new_version_may_give_other_results(toy, watched, tmp_path):
    reproduce(watched([]), tmp_path)

    def run(settings, seed, training, held_out, quick):
        return {"loss": 1.0, "drawn": 0.5, "curve": [1.0, 1.0], "more": 3.0}

    reproduce(toy(run=run, version=2), tmp_path)
    table = rows(tmp_path / "toy/results.csv")
    assert [row["more"] for row in table] == [""] * 9 + ["3.0"] * 9


def test_another_name_for_an_arm_runs_nothing(watched, arms, toy, tmp_path):
    reproduce(watched([]), tmp_path)
    none, nem, blind = arms()
    calls = []
    renamed = (none, nem, type(blind)("noise without NEM", *list(vars(blind).values())[1:]))
    reproduce(watched(calls, arms=renamed), tmp_path)
    assert calls == []


def test_arms_with_the_same_settings_share_their_models(watched, arms, tmp_path):
    none, nem, blind = arms()
    twin = type(none)("twin", none.candidates, "none")
    calls = []
    results = reproduce(watched(calls, arms=(none, nem, blind, twin)), tmp_path)
    assert len(trained(calls)) == CELLS
    (figure,) = [figure for figure in results.figures["loss"] if figure.arm == "twin"]
    assert figure.comparison.words.startswith("the difference is 0 in each of 3 seeds")


def test_a_quick_run_never_mixes(watched, tmp_path):
    calls = []
    results = reproduce(watched(calls), tmp_path / "a", quick=True)
    assert {call[3] for call in trained(calls)} == {101, 102, 1, 2}, "two seeds"
    assert len(results.raw["none"][0]["curve"]) == 3, "and short trainings"
    assert not (tmp_path / "a/toy").exists()
    assert "**quick: not a result.**" in (tmp_path / "a/toy-quick/index.md").read_text()
    assert results.as_json()["quick"] is True

    calls.clear()
    results = reproduce(watched(calls), tmp_path / "a")
    assert len(trained(calls)) == CELLS
    assert results.readings == {"counting": 9, "repeated": 0, "outdated": 0, "quick": 6}
    assert "quick: not" not in (tmp_path / "a/toy/index.md").read_text()

    # Not even if its files are laid where those of the real run belong.
    (tmp_path / "a/toy-quick").rename(tmp_path / "toy")
    calls.clear()
    reproduce(watched(calls), tmp_path)
    assert len(trained(calls)) == CELLS


def test_each_cell_starts_from_its_seed(toy, tmp_path):
    results = reproduce(toy(), tmp_path)
    drawn = [[result["drawn"] for result in results.raw[arm]] for arm in ("none", "nem")]
    assert drawn[0] == drawn[1], "the same seed, whatever ran before"
    assert len(set(drawn[0])) == 3


def test_run_cannot_change_the_settings(toy, tmp_path):
    def run(settings, seed, training, held_out, quick):
        value = settings.pop(held_out)
        settings.clear()
        return {"loss": value, "drawn": random.random(), "curve": [value]}

    results = reproduce(toy(run=run), tmp_path)
    assert results.settings["nem"]["test"] == 0.7


def test_every_reading_is_logged_before_the_data_are_handed_over(watched, toy, tmp_path):
    log = tmp_path / "test_readings.csv"
    seen = []

    def load(phase):
        seen.append((phase, len(rows(log)) if log.is_file() else 0))
        return "train", phase

    def run(settings, seed, training, held_out, quick):
        if held_out == "test":
            seen.append(len(rows(log)))
        return {"loss": 0.1, "drawn": 0.1, "curve": [0.1]}

    reproduce(toy(load=load, run=run), tmp_path)
    assert seen == [("validation", 0), ("test", 1), *range(1, 10)]
    assert [row["arm"] for row in rows(log)] == ["none", "nem", "blind"] * 3
    assert [row["seed"] for row in rows(log)] == list("111222333")
    assert {(row["experiment"], row["version"], row["reading"]) for row in rows(log)} == {
        ("toy", "1", "1")
    }


def test_a_second_reading_is_not_hidden(watched, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        reproduce(watched([], stop=5), tmp_path)
    with pytest.raises(KeyboardInterrupt):
        reproduce(watched([], stop=0), tmp_path)
    results = reproduce(watched([]), tmp_path)
    of_cell = [row for row in rows(tmp_path / "test_readings.csv") if row["arm"] == "nem"]
    assert [(row["seed"], row["reading"]) for row in of_cell] == [
        ("1", "1"), ("1", "2"), ("1", "3"), ("2", "1"), ("3", "1"),
    ]  # fmt: skip
    assert results.readings["repeated"] == 2
    page = (tmp_path / "toy/index.md").read_text()
    assert "read 11 times: 9 for the figures above, 2 repeated after an interruption. Each" in page


@pytest.mark.parametrize(
    ("results", "said"),
    [
        ({}, "run returned nothing; 'loss' has to be among it, as a float"),
        ({"curve": [1.0]}, "run returned curve; 'loss' has to be among it, as a float"),
        ({"loss": [1.0], "curve": [1.0]}, "'loss' has to be among it, as a float"),
        ({"loss": 1.0}, "'curve' has to be among it, as a list of floats"),
        ({"loss": 1.0, "curve": 1.0}, "'curve' has to be among it, as a list of floats"),
        ({"loss": 1.0, "curve": [1.0], "more": "x"}, "result 'more' is 'x': give a float"),
    ],
)
def test_results_that_do_not_fit(toy, tmp_path, results, said):
    with pytest.raises(InputError, match=said):
        reproduce(toy(run=lambda *arguments: results, curve="curve"), tmp_path)
    assert not (tmp_path / "toy/choices.csv").exists()


def test_a_folder_that_cannot_be_used(toy, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot write to"):
        reproduce(toy(), tmp_path / "file")


def test_the_stored_selection_is_data(toy, tmp_path):
    reproduce(toy(), tmp_path)
    stored = json.loads((tmp_path / "toy/choices.json").read_text())
    assert stored["of"] == {
        "experiment": "toy",
        "version": 1,
        "criterion": "loss",
        "seeds": [101, 102],
    }
    assert stored["arms"]["nem"]["settings"] == {"kind": "nem", "validation": 0.2, "test": 0.7}
    assert len(stored["arms"]["nem"]["candidates"]) == 2
