"""Tables of figures by slice."""

import math

import pytest

from rnnzoo.pipelines.core.slices import slice_table


def row(split, loss, weight, baselines=None, **slices):
    return {
        "split": split, "loss": loss, "weight": weight, "slices": slices,
        "baselines": baselines or {},
    }  # fmt: skip


def test_a_slice_has_the_figure_of_its_weighted_mean_loss():
    rows = [
        row("test", 1.0, 1.0, {"naive": 4.0}, size="10 m", year="2020"),
        row("test", 4.0, 2.0, {"naive": 4.0}, size="2 m", year="2021"),
        row("test", 9.0, 1.0, {"naive": 16.0}, size="10 m", year="2021"),
    ]
    table = slice_table(rows, math.sqrt)
    assert [(entry["dimension"], entry["value"]) for entry in table] == [
        ("all", "all"), ("size", "2 m"), ("size", "10 m"), ("year", "2020"), ("year", "2021")
    ]  # fmt: skip
    assert [entry["weight"] for entry in table] == [4, 2, 2, 1, 3]
    figures = [math.sqrt(18 / 4), 2, math.sqrt(5), 1, math.sqrt(17 / 3)]
    assert [entry["figure"] for entry in table] == pytest.approx(figures)
    assert table[0]["naive"] == pytest.approx(math.sqrt(7))


def test_rows_without_a_dimension_or_a_baseline_are_in_the_others():
    rows = [row("test", 1.0, 1.0, {"naive": 2.0}, year="2020"), row("test", 3.0, 1.0)]
    whole, year = slice_table(rows, float)
    assert (whole["figure"], whole["naive"]) == (2.0, 2.0)
    assert (year["weight"], year["figure"]) == (1.0, 1.0)
    assert slice_table([], float) == []
