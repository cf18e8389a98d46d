"""A family is registered once; loading, cards and pipelines read the registration."""

import subprocess
import sys

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.families import FamilyEntry, families, family_of, recipes, register, unregister
from rnnzoo.registry import list_models

TASKS = sorted(families())


def test_every_recipe_is_of_a_registered_family():
    assert {recipe["task"] for recipe in recipes().values()} == set(TASKS)


@pytest.mark.parametrize("task", TASKS)
def test_the_entry_names_what_there_is(task):
    entry = families()[task]
    assert entry.load_task_class().__name__ == task
    assert set(entry.defaults).isdisjoint(entry.complete({}).keys() - entry.defaults.keys())


def test_a_recipe_goes_before_the_defaults():
    complete = families()["TextGenerator"].complete({"dropout": 0.5})
    assert complete["dropout"] == 0.5
    assert complete["layers"] == 1


def test_families_are_read_without_keras():
    code = (
        "import sys; from rnnzoo.families import families, recipes; families(), recipes(); "
        "sys.exit(bool({'keras', 'tensorflow'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_registered_family_is_listed_with_its_recipes():
    register(FamilyEntry("Toy", object, object(), str, recipes={"toy-lstm": {"task": "Toy"}}))
    try:
        assert "Toy" in families()
        assert list_models("toy*", task="Toy") == ["toy-lstm"]
    finally:
        unregister("Toy")
    assert "Toy" not in families()
    assert list_models("toy*") == []


def test_a_task_and_a_recipe_are_registered_once():
    with pytest.raises(InputError, match="the task Forecaster is registered"):
        register(FamilyEntry("Forecaster", object, object(), str))
    taken = {"shakespeare-lstm": {"task": "Toy"}}
    with pytest.raises(InputError, match="'shakespeare-lstm' is a model with a recipe"):
        register(FamilyEntry("Toy", object, object(), str, recipes=taken))
    assert "Toy" not in families()
    assert recipes()["shakespeare-lstm"]["task"] == "TextGenerator"


def test_an_unknown_task_is_one_line():
    with pytest.raises(InputError, match="unknown task 'Toy': update rnnzoo, or register"):
        family_of("Toy")
