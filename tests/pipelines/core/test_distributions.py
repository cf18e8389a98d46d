"""Thresholds of recipes, and which columns exceed them."""

from collections import Counter

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.families import families
from rnnzoo.pipelines.core.distributions import compared, thresholds_of
from rnnzoo.pipelines.core.family import Family
from rnnzoo.pipelines.stages.statistics_gen import described


def features(**columns):
    (dataset,) = described("train", {"examples": 4, **columns}, {}).datasets
    return {feature.name: feature for feature in dataset.features}


MANY = [0.0, 1.0] * 15
FIRST = features(number=MANY, letter=Counter("aab" * 10), text=["a passage of a book " * 9])
SECOND = features(number=MANY, letter=Counter("abb" * 10), text=["another passage of it " * 9])


def test_a_number_is_the_threshold_of_all_columns():
    rows = compared(FIRST, SECOND, 0.3, "skew")
    assert [(row.column, row.distance, row.exceeded) for row in rows] == [
        ("number", 0, False),
        ("letter", pytest.approx(1 / 3), True),
        ("text", None, False),
    ]
    assert not any(row.exceeded for row in compared(FIRST, SECOND, 0.34, "skew"))


def test_a_table_has_the_columns_to_compare():
    (row,) = compared(FIRST, SECOND, {"letter": 0.1}, "skew")
    assert (row.column, row.measure, row.threshold) == ("letter", "L-infinity", 0.1)
    with pytest.raises(InputError, match="^the recipe's drift names the column 'b': the data has"):
        compared(FIRST, SECOND, {"b": 0.1}, "drift")


def test_a_column_of_few_values_is_not_compared():
    few = features(number=[5.0] * 29)
    assert [row.distance for row in compared(FIRST, few, {"number": 0.1}, "skew")] == [None]
    (row,) = compared(FIRST, features(number=[5.0] * 30), {"number": 0.1}, "skew")
    assert (row.distance, row.exceeded) == (1, True)


def test_a_column_that_the_second_data_set_does_not_have():
    (row,) = compared(FIRST, {}, {"letter": 0.1}, "skew")
    assert (row.measure, row.distance, row.exceeded) == ("", None, False)


@pytest.mark.parametrize("value", [-0.1, 1.5, "0.3", True, {"rate": 2}, float("nan")])
def test_thresholds_are_from_0_to_1(value):
    with pytest.raises(InputError, match=r"^skew = .* in the recipe: give a number from 0 to 1"):
        thresholds_of({"drift": 0.3, "skew": value})


@pytest.mark.parametrize("task", sorted(families()))
def test_each_family_has_thresholds_that_no_training_depends_on(task):
    complete = families()[task].complete({})
    assert thresholds_of(complete).keys() == {"drift", "skew"}
    settings = families()[task].load_pipeline().training_settings(complete)
    assert not settings.keys() & {"drift", "skew"}
    assert not Family().training_settings(complete).keys() & {"drift", "skew"}
