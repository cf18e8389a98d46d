"""Sequences by class, subject and group."""

import csv

import numpy as np
import pytest

from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.sequences.labelled import Labelled
from rnnzoo.pipelines.families.sequences.dataset import SequenceData
from rnnzoo.pipelines.families.sequences.family import SEQUENCES
from rnnzoo.sequences.evaluation import HELD_OUT
from rnnzoo.sequences.slices import dimensions


class Shifted:
    """Predicts the class whose index is the first value of a sequence."""

    classes = ("a", "b", "c")

    def probabilities(self, sequences):
        return np.eye(3)[[int(x[0, 0]) for x in sequences]]


def part(predicted, labels):
    sequences = [np.full((2 + i, 1), value, "float32") for i, value in enumerate(predicted)]
    return Labelled([f"v_{i}_0{i % 2}_01" for i in range(len(labels))], sequences, list(labels))


def test_rows_are_the_figures(checked_rows):
    parts = {
        "train": part([0, 1, 2], "aab"),
        "validation": part([0, 1, 2, 2], "abca"),
        "test": part([0, 1, 1, 2, 0], "aabbc"),
    }
    data = SequenceData("made up", "0", ["a", "b", "c"], "features", {}, parts)
    rows = checked_rows(SEQUENCES, Shifted(), data)
    test = [row for row in rows if row["split"] == "test"]
    wrong = {label: 0.0 for label in "abc"}
    for row in test:
        wrong[row["slices"]["class"]] += row["loss"] * row["weight"]
        is_a = row["slices"]["class"] == "a"
        assert row["baselines"] == {"the most frequent class": 0.0 if is_a else 1.0}
    assert wrong == {"a": 1.0, "b": 1.0, "c": 1.0}


@pytest.mark.parametrize(
    ("names", "dimension", "values"),
    [
        (["a01_s02_e03", "a01_s10_e01_skeleton3D.txt"], "subject", ["02", "10"]),
        (["walking/v_walk_dog_07_02.mpg", "v_dive_25_01"], "group", ["07", "25"]),
        (["a01_s02_e03", "mine.npy"], None, None),
    ],
)
def test_subjects_and_groups_are_in_the_names(names, dimension, values):
    slices = dimensions(Labelled(names, [np.ones((3, 1))] * 2, ["x", "y"]))
    assert list(slices) == ["class", "length", *([dimension] if dimension else [])]
    if dimension:
        assert slices[dimension][0] == values


@pytest.mark.slow
def test_each_split_is_of_the_model_that_was_not_trained_on_it(pushed):
    assert SEQUENCES.evaluated_parts["validation"] == HELD_OUT
    (path,) = cache_dir().glob("pipelines/action3d-short/evaluation/*/slices.csv")
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    whole = {row["split"]: float(row["figure"]) for row in rows if row["dimension"] == "all"}
    metrics = pushed[2]["metrics"]
    assert whole == pytest.approx({split: metrics[split] for split in whole})
