"""What is selected on validation, and when it is selected again."""

import json
import math

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.harness.cells import choice_cells
from rnnzoo.pipelines.experiments.harness.experiment import Arm
from rnnzoo.pipelines.experiments.harness.ledger import Ledger
from rnnzoo.pipelines.experiments.harness.model_selection import (
    FILE,
    load_selection,
    save_selection,
    select,
    selected_settings,
)

CANDIDATES = ({"x": 0}, {"x": 1}, {"x": 2})


@pytest.fixture
def selected(toy, tmp_path):
    """Returns a function from the losses of three candidates, one per seed, to the record."""

    def select_by(*losses):
        experiment = toy(arms=(Arm("nem", CANDIDATES),))
        ledger = Ledger(tmp_path / "choices.csv")
        cells = choice_cells(experiment, False, experiment.arms[0])
        for candidate_cells, values in zip(cells, losses, strict=True):
            for cell, value in zip(candidate_cells, values, strict=True):
                ledger.add(cell, {"loss": value}, 1)
        return select(experiment, False, experiment.arms[0], ledger)

    return select_by


def test_the_lowest_mean_is_selected(selected):
    record = selected((1.0, 5.0), (2.5, 2.5), (0.0, 9.0))
    assert record["settings"] == {"x": 1}
    assert [candidate["mean"] for candidate in record["candidates"]] == [3.0, 2.5, 4.5]


def test_the_first_of_equals(selected):
    assert selected((2.0, 2.0), (1.0, 1.0), (1.0, 1.0))["settings"] == {"x": 1}


@pytest.mark.parametrize("diverged", [math.nan, math.inf, -math.inf])
def test_a_candidate_that_diverged_once_is_the_worst(selected, diverged):
    record = selected((0.0, diverged), (5.0, 5.0), (9.0, 9.0))
    assert record["settings"] == {"x": 1}
    assert record["candidates"][0]["mean"] is None


def test_all_diverged(selected):
    with pytest.raises(InputError, match=r"every candidate of arm 'nem' diverged .*: add one"):
        selected(*[(math.nan, 1.0)] * 3)


def test_a_single_candidate_is_selected(toy, tmp_path):
    arm = Arm("a", ({"x": 0},))
    record = select(toy(), False, arm, Ledger(tmp_path / "choices.csv"))
    assert record["settings"] == {"x": 0}


def records(experiment):
    return {
        arm.name: {
            "settings": arm.candidates[0],
            "candidates": [{"settings": settings, "mean": 1.0} for settings in arm.candidates],
        }
        for arm in experiment.arms
        if not arm.follows
    }


@pytest.mark.parametrize(
    ("changes", "valid"),
    [
        ({}, {"none", "nem"}),
        ({"title": "Another", "seeds": (8, 9)}, {"none", "nem"}),
        ({"version": 2}, set()),
        ({"criterion": "drawn"}, set()),
        ({"choice_seeds": (101,)}, set()),
    ],
)
def test_what_a_selection_is_valid_for(toy, tmp_path, changes, valid):
    save_selection(tmp_path, toy(), False, records(toy()))
    assert load_selection(tmp_path, toy(**changes), False).keys() == valid


def test_only_the_arm_with_other_candidates_is_selected_again(toy, arms, tmp_path):
    save_selection(tmp_path, toy(), False, records(toy()))
    assert load_selection(tmp_path, toy(arms=arms(good=0.3)), False).keys() == {"none"}
    assert load_selection(tmp_path, toy(), True) == {}, "a quick run selects for itself"


def test_settings_that_were_never_a_candidate(toy, tmp_path):
    stored = records(toy())
    stored["nem"]["settings"] = {"kind": "nem", "validation": 0, "test": 0}
    save_selection(tmp_path, toy(), False, stored)
    assert load_selection(tmp_path, toy(), False).keys() == {"none"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"of": 1}', json.dumps({"arms": {}}), "null"])
def test_a_file_that_is_no_record(toy, tmp_path, text):
    (tmp_path / FILE).write_text(text)
    if text == '{"of": 1}':
        assert load_selection(tmp_path, toy(), False) == {}
        return
    with pytest.raises(InputError, match=r"choices.json is not a record of selected settings"):
        load_selection(tmp_path, toy(), False)


def test_an_arm_that_follows_uses_the_settings_selected_for_the_other(toy):
    settings = selected_settings(toy(), records(toy()))
    assert settings["blind"] == {"kind": "blind", "validation": 0.9, "test": 0.1}
    assert settings["nem"] == {"kind": "nem", "validation": 0.9, "test": 0.1}
