"""Rows of an evaluation, and their labels."""

import numpy as np
import pytest

from rnnzoo.evaluation_rows import binned, merged_rows, thirds


def test_rows_keep_the_weighted_means_of_losses_and_baselines():
    random = np.random.default_rng(0)
    losses, weights, others = random.uniform(0.1, 1, (3, 200))
    dimensions = {
        "a": (["x", "y", "unused"], random.integers(2, size=200)),
        "b": (list("pqrs"), random.integers(4, size=200)),
    }
    rows = list(merged_rows("test", dimensions, losses, weights, {"other": others}))
    assert len(rows) == 8 and len({tuple(row["slices"].items()) for row in rows}) == 8
    assert sum(row["weight"] for row in rows) == pytest.approx(weights.sum())
    for of_row, expected in (
        (lambda row: row["loss"], losses),
        (lambda row: row["baselines"]["other"], others),
    ):
        mean = sum(row["weight"] * of_row(row) for row in rows) / weights.sum()
        assert mean == pytest.approx(np.average(expected, weights=weights))
    x = [row for row in rows if row["slices"]["a"] == "x"]
    inside = dimensions["a"][1] == 0
    mean = sum(row["weight"] * row["loss"] for row in x) / sum(row["weight"] for row in x)
    assert mean == pytest.approx(np.average(losses[inside], weights=weights[inside]))
    assert all(type(row[key]) is float for row in rows for key in ("loss", "weight"))


def test_without_dimensions_there_is_one_row():
    (row,) = merged_rows("test", {}, [1, 2])
    assert (row["loss"], row["weight"], row["slices"]) == (1.5, 2.0, {})


def test_bins_have_natural_names():
    names, indices = binned(np.array([0, 1, 5, 99]), [0, 1, 3, 10])
    assert names == ["0", "1-2", "3-9", "10 or more"]
    assert indices.tolist() == [0, 1, 2, 3]


def test_thirds_of_equal_values_are_one():
    assert thirds(np.arange(9))[1].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert len(set(thirds(np.ones(5))[1].tolist())) == 1


def test_a_baseline_without_a_loss_is_left_out():
    dimensions = {"a": (["x", "y"], np.array([0, 0, 1]))}
    baselines = {"naive": [np.nan, 2.0, np.nan]}
    x, y = merged_rows("test", dimensions, [1.0, 1.0, 1.0], [3.0, 1.0, 1.0], baselines)
    assert (x["baselines"], y["baselines"]) == ({"naive": 2.0}, {})
