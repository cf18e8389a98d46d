import math

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.harness.results import RESULTS_FILE
from rnnzoo.pipelines.experiments.harness.results_difference import (
    compare_results,
    existing_ledger,
    relative_difference,
)
from rnnzoo.pipelines.experiments.harness.run import reproduce


def test_relative_difference():
    assert relative_difference(1.0, 1.0) == 0
    assert relative_difference(1.0, -1.0) == 2
    assert relative_difference(0.0, 0.0) == 0
    assert relative_difference(0.0, 5.0) == 1
    assert relative_difference(100.0, 101.0) == pytest.approx(1 / 101)
    assert relative_difference(math.inf, math.inf) == 0
    assert relative_difference(math.inf, 1.0) == math.inf


@pytest.fixture
def two(toy, tmp_path):
    """Returns a function that runs the toy twice, changed the second time, and compares."""

    def compare(edit=lambda text: text, **changes):
        ours = reproduce(toy(), tmp_path / "a")
        reproduce(toy(**changes), tmp_path / "b")
        theirs = tmp_path / "b/toy" / RESULTS_FILE
        theirs.write_text(edit(theirs.read_text()))
        return compare_results(
            existing_ledger(tmp_path / "a/toy" / RESULTS_FILE), existing_ledger(theirs), ours.cells
        )

    return compare


def test_the_same_again(two):
    difference = two()
    assert (difference.cells, difference.common, difference.largest) == (9, 9, 0.0)
    assert str(difference) == "9 of 9 cells are in it, largest relative difference 0"


def test_the_result_that_is_furthest_off(two, toy, tmp_path):
    shift = {("none", 2): 1.001, ("nem", 3): 0.98}

    def run(settings, seed, training, held_out, quick):
        results = toy().run(settings, seed, training, held_out, quick)
        factor = shift.get((settings["kind"], seed), 1.0)
        return {**results, "loss": results["loss"] * factor, "curve": [9.0, 9.0]}

    difference = two(run=run)
    assert difference.largest == pytest.approx(0.02)
    assert difference.where == "loss of nem, seed 3"
    assert str(difference).endswith("difference 0.02 (loss of nem, seed 3)")


def test_cells_that_are_only_here(two):
    assert two(seeds=(1, 2)).common == 6


def test_nothing_in_common(two):
    assert str(two(version=2)) == "none of 9 cells is in it"


def test_a_result_that_is_not_there(two):
    def run(settings, seed, training, held_out, quick):
        return {"loss": 1.0, "curve": [1.0, 1.0], "drawn": 1.0, "more": 1.0}

    assert two(run=run).largest == math.inf


def test_no_file(tmp_path):
    with pytest.raises(InputError, match=r"x.csv does not exist: name a results.csv"):
        existing_ledger(tmp_path / "x.csv")
