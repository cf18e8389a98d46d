"""Metrics of classifiers and baselines, on cases whose result is known."""

import numpy as np
import pytest

from rnnzoo.baselines import sequences as baselines
from rnnzoo.datasets.sequences.labelled import Labelled
from rnnzoo.pipelines.core.blessing import blessing
from rnnzoo.pipelines.families.sequences.dataset import SequenceData
from rnnzoo.pipelines.families.sequences.family import SEQUENCES
from rnnzoo.sequences import evaluation


class Stub:
    """Predicts the class that the first value of a sequence is the index of, plus `error`."""

    classes = ("a", "b", "c")

    def __init__(self, error=0):
        self._error, self.reader = error, self

    def read(self, sequence):
        return sequence

    def probabilities(self, sequences):
        return np.eye(3)[[(int(x[0, 0]) + self._error) % 3 for x in sequences]]


def part(predicted, labels, first=0):
    """Sequences whose lengths differ."""
    sequences = [np.full((1 + i % 2, 2), value, "float32") for i, value in enumerate(predicted)]
    names = [f"{label}/{first + i}.avi" for i, label in enumerate(labels)]
    return Labelled(names, sequences, list(labels))


DATA = SequenceData(
    "made up",
    "0",
    ["a", "b", "c"],
    "features",
    "",
    {
        "train": part([0, 0, 1, 2] * 3, "aabc" * 3),
        "validation": part([0, 1, 2, 2], "abca", 20),
        "test": part([0, 1, 1, 2, 0], "aabba", 40),
    },
)


def test_each_split_is_of_the_models_that_were_not_trained_on_it():
    wrong, right = Stub(1), Stub()
    models = {"held_out": wrong, "": right, "by_clip": wrong}
    result = SEQUENCES.evaluate(
        lambda folder="": {"3": models[folder], "4": right}, DATA, {"by_clip": True}
    )
    assert result.figures["3"]["validation"] == pytest.approx(1 - 1 / 4)
    assert result.figures["3"]["test"] == pytest.approx(0.4)
    assert result.figures["4"]["validation"] == pytest.approx(1 / 4)
    assert result.figures["4"].keys() == {"validation", "test", "by_clip"}
    tables = result.metrics["tables"]
    assert tables["test"]["by_seed"]["3"]["accuracy"] == 0.6
    assert tables["validation"]["over_seeds"]["accuracy"]["mean"] == pytest.approx(0.5)
    assert result.baselines["validation"]["majority"]["accuracy"] == 0.5
    assert result.baselines["by_clip"].keys() == set(baselines.BASELINES)
    assert result.metrics["confusion"] == [[2, 1, 0], [0, 1, 1], [0, 0, 0]]


def test_a_model_no_better_than_the_most_frequent_class_is_not_blessed():
    for model, blessed in ((Stub(), True), (Stub(1), False)):
        result = SEQUENCES.evaluate(lambda folder="", m=model: {"1": m}, DATA, {"by_clip": False})
        report = blessing(result.figures["1"]["validation"], SEQUENCES.unit, result.checks)
        assert report["blessed"] == blessed
        assert (
            "error rate on validation, the most frequent class has 0.5"
            in (report["compared"][0]["reason"])
        )
    assert result.figures["1"].keys() == {"validation", "test"}
    assert SEQUENCES.limit(0.1) == pytest.approx(0.12)


def test_a_fine_tuned_model_has_to_beat_nothing():
    result = SEQUENCES.evaluate(lambda folder="": {"1": {"": Stub(1)}[folder]}, DATA, None)
    assert result.checks == []
    assert SEQUENCES.figures(Stub(1), DATA) == result.figures["1"]


def test_confusion_and_classes_by_hand():
    test = DATA.parts["test"]
    rows = evaluation.by_class(Stub(), evaluation.confusion(Stub(), test))
    assert rows["a"] == {"sequences": 3, "recall": pytest.approx(2 / 3), "precision": 1.0}
    assert rows["b"] == {"sequences": 2, "recall": 0.5, "precision": 0.5}
    assert rows["c"] == {"sequences": 0, "recall": None, "precision": 0.0}
    of_stub = evaluation.of_model(Stub(), test)
    assert of_stub["accuracy"] == 0.6
    assert of_stub["cross_entropy"] == pytest.approx(-2 / 5 * np.log(1e-12))


def test_the_baselines_are_what_they_say():
    random = np.random.default_rng(0)
    labels = random.integers(3, size=60)
    x = random.normal(size=(60, 4, 5)) + 3 * np.eye(5)[labels][:, None]
    known, held_out = slice(40), slice(40, 60)
    for name in ("linear", "logistic", "nearest"):
        predicted = baselines.BASELINES[name](x[known], labels[known], x[held_out])
        assert (predicted == labels[held_out]).mean() > 0.9
    frequent = baselines.majority(x[known], labels[known], x[held_out])
    assert set(frequent) == {np.bincount(labels[known]).argmax()}
