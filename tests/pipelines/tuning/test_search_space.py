"""Search spaces: what a recipe may have, and what Keras Tuner draws from it."""

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.families import families, recipes
from rnnzoo.pipelines.tuning.search_space import checked_space, hyperparameters
from rnnzoo.registry import recipe, search_space

TRAINING = {
    **{"units": 16, "learning_rate": 0.01, "dropout": 0.0},
    **{"pool": "last", "linear": True, "encoder": []},
}


def test_every_family_has_a_recipe_with_a_search_space_that_can_be_used():
    tasks = set()
    for name in (name for name, entry in recipes().items() if "search" in entry):
        entry = families()[recipe(name)["task"]]
        training = entry.load_pipeline().training_settings(entry.complete(recipe(name)))
        space = checked_space(name, search_space(name), training)
        assert {"units", "learning_rate"} <= space.keys()
        assert len(hyperparameters(space).space) == len(space)
        tasks.add(entry.task)
    assert tasks == set(families())


def test_a_recipe_has_no_search_space_in_its_settings():
    assert "search" in recipes()["sonnets-lstm"] and "search" not in recipe("sonnets-lstm")


def test_values_have_the_types_of_the_settings():
    space = {
        "units": {"low": 8, "high": 32, "step": 8},
        "learning_rate": {"low": 1, "high": 2},
        "dropout": [0, 0.5],
        "pool": ["last", "mean"],
        "linear": [True, False],
    }
    checked = checked_space("a", space, TRAINING)
    assert checked["units"] == {"low": 8, "high": 32, "step": 8, "log": False}
    assert isinstance(checked["learning_rate"]["low"], float)
    assert [type(value) for value in checked["dropout"]] == [float, float]
    kinds = [type(entry).__name__ for entry in hyperparameters(checked).space]
    assert kinds == ["Int", "Float", "Choice", "Choice", "Choice"]


RATES = {"low": 1e-4, "high": 1e-2}


@pytest.mark.parametrize(
    ("space", "message"),
    [
        ({}, r"search of a is \{\}: give a table with a setting or more"),
        ([1], r"search of a is \[1\]: give a table"),
        ({"unit": [1, 2]}, "'unit' cannot be chosen: only dropout, learning_rate, linear, pool"),
        ({"seeds": [1, 2]}, "'seeds' cannot be chosen"),
        ({"encoder": [[], [[8, 3]]]}, "'encoder' cannot be chosen"),
        ({"unit": 3}, "'unit' cannot be chosen"),
        ({"units": 3}, r"units = 3: give a list of choices, or \{ low = ..., high = ... \}"),
        ({"units": []}, r"units = \[\]: give two or more, each once"),
        ({"units": [8, 8, 16]}, "give two or more, each once"),
        ({"units": [8, 16.0]}, "units = 16.0: give an integer, 0 or more"),
        ({"units": [8, True]}, "units = True: give an integer"),
        ({"units": [0, 8]}, "units = 0: give 1 or more"),
        ({"dropout": [0.0, -0.1]}, "dropout = -0.1: give a number, 0 or more"),
        ({"dropout": [0.0, float("nan")]}, "dropout = nan: give a number"),
        ({"pool": ["last", 1]}, "pool = 1: give a string"),
        ({"linear": [True, 0]}, "linear = 0: give true or false"),
        ({"learning_rate": {"low": 1e-4}}, "give low and high, and step and log where needed"),
        ({"learning_rate": {**RATES, "most": 1}}, "give low and high, and step"),
        ({"learning_rate": {"low": 0.1, "high": 0.1}}, "low has to be below high"),
        ({"learning_rate": {"low": 0, "high": 0.1, "log": True}}, "low has to be above 0"),
        ({"learning_rate": {**RATES, "log": 1}}, "log is 1: give true or false"),
        ({"learning_rate": {**RATES, "step": 0}}, "step is 0: give a number above 0"),
        ({"learning_rate": {**RATES, "step": 1, "log": True}}, "step is 1: give a number above 1"),
        ({"units": {"low": 8, "high": 16, "step": 0.5}}, "step is 0.5: give an integer above 0"),
        ({"pool": {"low": "a", "high": "b"}}, "that is no number: give a list of choices"),
    ],
)
def test_what_cannot_be_a_search_space(space, message):
    with pytest.raises(InputError, match=message) as error:
        checked_space("a", space, TRAINING)
    assert "\n" not in str(error.value)
