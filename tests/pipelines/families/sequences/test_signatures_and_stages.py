"""What an exported classifier answers, and what is odd about labelled sequences."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.export.saved_model import export_saved_model
from rnnzoo.pipelines.families.sequences import data_stages
from rnnzoo.pipelines.families.sequences.labelled import Labelled
from rnnzoo.pipelines.stages.anomalies import read_warnings
from rnnzoo.sequences.classifier import SequenceClassifier


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """(model, its signatures as served)."""
    keras.utils.set_random_seed(1)
    reader = {"kind": "skeletons", "steps": 6}
    model = SequenceClassifier(["a", "b", "c"], [keras.layers.GRU(4)], reader, pool="max")
    folder = tmp_path_factory.mktemp("export")
    export_saved_model(model, folder)
    loaded = tf.saved_model.load(folder)
    yield model, loaded.signatures  # `loaded` owns the weights: it has to live as long


def test_joints_are_answered_with_names(exported):
    model, signatures = exported
    joints = np.random.default_rng(0).normal(size=(2, 9, 20, 3)).astype("float32")
    answer = signatures["serving_default"](joints=tf.constant(joints))
    expected = model.probabilities(list(joints))
    np.testing.assert_allclose(answer["probabilities"], expected, atol=1e-5)
    best = [model.classes[i].encode() for i in expected.argmax(axis=1)]
    assert answer["best"].numpy().tolist() == best
    assert answer["classes"].numpy().tolist() == [[b"a", b"b", b"c"]] * 2


def test_what_is_refused(exported):
    signature = exported[1]["serving_default"]
    with pytest.raises(tf.errors.InvalidArgumentError, match="a sequence of a step or more"):
        signature(joints=tf.zeros((1, 0, 20, 3)))
    with pytest.raises(tf.errors.InvalidArgumentError, match="not finite"):
        signature(joints=tf.fill((1, 3, 20, 3), float("nan")))


def passed(tmp_path, monkeypatch, parts):
    """Warnings after the stages up to the one that finds what is odd."""
    monkeypatch.setattr(data_stages, "own_parts", lambda data: parts)
    folders = {name: tmp_path / name for name in ("examples", "statistics", "schema", "anomalies")}
    for folder in folders.values():
        folder.mkdir()
    examples, statistics, schema, anomalies = folders.values()
    data_stages.examples.function(examples, data="made up", data_sha256="0", steps=8)
    data_stages.statistics.function(statistics, examples=examples)
    data_stages.schema.function(schema, statistics=statistics)
    data_stages.anomalies.function(anomalies, statistics=statistics, schema=schema)
    return read_warnings(anomalies)


def part(labels, first):
    """A `Labelled` whose sequences are numbered from `first` on."""
    sequences = [np.full((3, 20, 3), first + i, "float32") for i in range(len(labels))]
    return Labelled([f"{first + i}" for i in range(len(labels))], sequences, list(labels))


def test_nothing_is_odd(tmp_path, monkeypatch):
    parts = {"train": part("abab", 0), "validation": part("ab", 10), "test": part("ba", 20)}
    assert passed(tmp_path, monkeypatch, parts) == []
    found = data_stages.read_split(tmp_path / "examples", "train")
    assert (found.names, found.labels) == (parts["train"].names, parts["train"].labels)
    for one, other in zip(found.sequences, parts["train"].sequences, strict=True):
        np.testing.assert_array_equal(one, other)


def test_warnings(tmp_path, monkeypatch):
    parts = {"train": part("a" * 30 + "b", 0), "validation": part("a", 10), "test": part("ab", 90)}
    said = " ".join(map(str, passed(tmp_path, monkeypatch, parts)))
    assert "'b' is 3.2% of train" in said
    assert "validation has no 'b'" in said
    assert "validation has 1 sequences that are there before" in said


@pytest.mark.parametrize(
    ("train", "test", "said"),
    [("aa", "a", "all of train is 'a'"), ("ab", "abc", "test has 'c', which train has not")],
)
def test_errors(tmp_path, monkeypatch, train, test, said):
    parts = {"train": part(train, 0), "validation": part("a", 10), "test": part(test, 20)}
    with pytest.raises(InputError, match=said):
        passed(tmp_path, monkeypatch, parts)
