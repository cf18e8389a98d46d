"""What validation chooses, and when it is asked again."""

import json
import math

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.harness import model_selection
from rnnzoo.pipelines.experiments.harness.cells import choice_cells
from rnnzoo.pipelines.experiments.harness.experiment import Arm
from rnnzoo.pipelines.experiments.harness.ledger import Ledger

CANDIDATES = ({"x": 0}, {"x": 1}, {"x": 2})


@pytest.fixture
def chosen(toy, tmp_path):
    """Returns a function from the losses of three candidates, one a seed, to the record."""

    def choose(*losses):
        experiment = toy(arms=(Arm("nem", CANDIDATES),))
        ledger = Ledger(tmp_path / "choices.csv")
        cells = choice_cells(experiment, False, experiment.arms[0])
        for of_candidate, values in zip(cells, losses, strict=True):
            for cell, value in zip(of_candidate, values, strict=True):
                ledger.add(cell, {"loss": value}, 1)
        return model_selection.choose(experiment, False, experiment.arms[0], ledger)

    return choose


def test_the_lowest_mean_is_taken(chosen):
    record = chosen((1.0, 5.0), (2.5, 2.5), (0.0, 9.0))
    assert record["settings"] == {"x": 1}
    assert [candidate["mean"] for candidate in record["candidates"]] == [3.0, 2.5, 4.5]


def test_the_first_of_equals(chosen):
    assert chosen((2.0, 2.0), (1.0, 1.0), (1.0, 1.0))["settings"] == {"x": 1}


@pytest.mark.parametrize("diverged", [math.nan, math.inf, -math.inf])
def test_a_candidate_that_diverged_once_is_the_worst(chosen, diverged):
    record = chosen((0.0, diverged), (5.0, 5.0), (9.0, 9.0))
    assert record["settings"] == {"x": 1}
    assert record["candidates"][0]["mean"] is None


def test_all_diverged(chosen):
    with pytest.raises(InputError, match=r"every candidate of arm 'nem' diverged .*: add one"):
        chosen(*[(math.nan, 1.0)] * 3)


def test_one_candidate_is_no_choice(toy, tmp_path):
    arm = Arm("a", ({"x": 0},))
    record = model_selection.choose(toy(), False, arm, Ledger(tmp_path / "choices.csv"))
    assert record["settings"] == {"x": 0}


def records(experiment):
    return {
        arm.name: {
            "settings": arm.candidates[0],
            "candidates": [{"settings": one, "mean": 1.0} for one in arm.candidates],
        }
        for arm in experiment.arms
        if not arm.follows
    }


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({}, {"none", "nem"}),
        ({"title": "Another", "seeds": (8, 9)}, {"none", "nem"}),
        ({"version": 2}, set()),
        ({"criterion": "drawn"}, set()),
        ({"choice_seeds": (101,)}, set()),
    ],
)
def test_what_a_choice_holds_for(toy, tmp_path, changes, holds):
    model_selection.freeze(tmp_path, toy(), False, records(toy()))
    assert model_selection.frozen(tmp_path, toy(**changes), False).keys() == holds


def test_only_the_arm_with_other_candidates_is_chosen_again(toy, arms, tmp_path):
    model_selection.freeze(tmp_path, toy(), False, records(toy()))
    assert model_selection.frozen(tmp_path, toy(arms=arms(good=0.3)), False).keys() == {"none"}
    assert model_selection.frozen(tmp_path, toy(), True) == {}, "a quick run has choices of its own"


def test_settings_that_were_never_a_candidate(toy, tmp_path):
    made = records(toy())
    made["nem"]["settings"] = {"kind": "nem", "validation": 0, "test": 0}
    model_selection.freeze(tmp_path, toy(), False, made)
    assert model_selection.frozen(tmp_path, toy(), False).keys() == {"none"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"of": 1}', json.dumps({"arms": {}}), "null"])
def test_a_file_that_is_no_record(toy, tmp_path, text):
    (tmp_path / model_selection.FILE).write_text(text)
    if text == '{"of": 1}':
        assert model_selection.frozen(tmp_path, toy(), False) == {}
        return
    with pytest.raises(InputError, match=r"choices.json is no record of choices: remove it"):
        model_selection.frozen(tmp_path, toy(), False)


def test_an_arm_that_follows_takes_over_what_was_chosen(toy):
    settings = model_selection.chosen(toy(), records(toy()))
    assert settings["blind"] == {"kind": "blind", "validation": 0.9, "test": 0.1}
    assert settings["nem"] == {"kind": "nem", "validation": 0.9, "test": 0.1}
