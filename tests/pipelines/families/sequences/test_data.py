"""From labelled sequences to the dataset: what is read, what is odd, and the round trip."""

import dataclasses
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.sequences.labelled import Labelled
from rnnzoo.families import families, family_of
from rnnzoo.pipelines.core.transformed import Transformed
from rnnzoo.pipelines.families.sequences.dataset import (
    SequenceData,
    network_feature,
    network_of,
)
from rnnzoo.pipelines.families.sequences.family import SEQUENCES, change_of
from rnnzoo.pipelines.stages.example_validator import read_warnings


@pytest.fixture
def stages_of(data_stages, monkeypatch):
    """Runs the stages up to Transform on the splits of a data set `drums` of rnnzoo.datasets."""

    def run(parts, sees="skeletons", last="anomalies"):
        loader = SimpleNamespace(load_labelled=lambda: parts)
        monkeypatch.setitem(sys.modules, "rnnzoo.datasets.drums.load", loader)
        return data_stages("SequenceClassifier", "drums", "0" * 64, {"sees": sees}, last)

    return run


def part(labels, first, shape=(20, 3)):
    """A `Labelled` whose sequences are numbered from `first` on, of 3 or 4 steps."""
    sequences = [np.full((3 + i % 2, *shape), first + i, "float32") for i in range(len(labels))]
    return Labelled([f"{first + i}" for i in range(len(labels))], sequences, list(labels))


@pytest.mark.parametrize(("sees", "shape"), [("skeletons", (20, 3)), ("features", (5,))])
def test_the_dataset_is_what_the_folder_of_the_recipe_holds(stages_of, sees, shape):
    parts = {"train": part("baba", 0, shape), "validation": part("ab", 10, shape)}
    parts["test"] = part("ba", 20, shape)
    folders = stages_of(parts, sees, "transformed")
    assert read_warnings(folders["anomalies"]) == []
    data = SEQUENCES.dataset(Transformed(folders["transformed"]))
    assert (data.name, data.sha256, data.sees, data.network) == ("drums", "0" * 64, sees, {})
    assert data.classes == ["b", "a"]  # in the order of their first sequences
    assert SEQUENCES.describe_data(data) == {"splits": {"train": 4, "validation": 2, "test": 2}}
    for split, expected in parts.items():
        assert data.parts[split].names == expected.names
        assert data.parts[split].labels == expected.labels
        pairs = zip(data.parts[split].sequences, expected.sequences, strict=True)
        for values, wanted in pairs:
            assert values.dtype == np.float32
            np.testing.assert_array_equal(values, wanted)


def test_warnings(stages_of):
    parts = {"train": part("a" * 30 + "b", 0), "validation": part("a", 10), "test": part("ab", 90)}
    assert read_warnings(stages_of(parts)["anomalies"]) == [
        "validation has no 'b'",
        "'b' is 3.2% of train: hardly learned",
        "validation has 1 repeated sequences",
    ]


@pytest.mark.parametrize(
    ("train", "test", "message"),
    [("aa", "a", "all of train is 'a'"), ("ab", "abc", "test has 'c', which train has not")],
)
def test_errors(stages_of, train, test, message):
    parts = {"train": part(train, 0), "validation": part("a", 10), "test": part(test, 20)}
    with pytest.raises(InputError, match=message):
        stages_of(parts)


def test_a_recipe_that_names_no_data():
    for sees in ("skeletons", "features", "video"):
        with pytest.raises(InputError, match="'nowhere' is no data set of rnnzoo: give --data"):
            SEQUENCES.own_data({"sees": sees, "data": "nowhere"})
    with pytest.raises(InputError, match="sees is 'sound': choose one of skeletons, features, vid"):
        SEQUENCES.own_data({"sees": "sound", "data": "action3d"})


def test_the_network_in_an_example():
    network = {"digest": "ab", "network": "mine.keras", "pixels": [-1.0, 1.0]}
    assert network_of(network_feature(network)) == network
    assert network_of("ab") == {"digest": "ab"}  # as it was stored before
    assert network_of(network_feature({})) == {}


def test_what_is_trained_on():
    clips = [[f"{label}/{label}_{n}.avi" for label in "ab" for n in ns] for ns in ((1, 2), (3,))]
    parts = {
        split: Labelled(names, names, [name[0] for name in names])
        for split, names in zip(("train", "validation"), clips, strict=True)
    }
    parts["test"] = Labelled(["a/a_4.avi"], ["a/a_4.avi"], ["a"])
    data = SequenceData("drums", "0", ["a", "b"], "video", "1", parts)
    trained_on = SEQUENCES.parts({"by_clip": False}, data)
    sizes = {folder: len(dataset.train) for folder, dataset in trained_on.items()}
    assert sizes == {"held_out": 4, "": 6}
    by_clip = SEQUENCES.parts({"by_clip": True}, data)["by_clip"]
    assert len(by_clip.train) == 7 - 2  # a clip of each class is held out


def test_only_skeletons_are_augmented():
    recipe = families()["SequenceClassifier"].complete({"tilt": 3.0})
    data = SequenceData("drums", "0", ["a", "b"], "features", "", {})
    with pytest.raises(InputError, match="drums-gru: .*'tilt': 3.0.* augments skeletons, these ar"):
        SEQUENCES.build("drums-gru", recipe, data)


def test_classes_that_are_not_at_hand_are_named(stages_of, monkeypatch):
    parts = {split: part("ab", 10 * i) for i, split in enumerate(("train", "validation", "test"))}
    folders = stages_of(parts, last="transformed")
    sys.modules["rnnzoo.datasets.drums.load"].all_classes = lambda: ["a", "b", "c", "d"]
    data = SEQUENCES.dataset(Transformed(folders["transformed"]))
    assert SEQUENCES.describe_data(data)["missing_classes"] == ["c", "d"]
    del sys.modules["rnnzoo.datasets.drums.load"].all_classes
    assert "missing_classes" not in SEQUENCES.describe_data(data)
    users = dataclasses.replace(data, name="skeletons-0123")
    assert "missing_classes" not in SEQUENCES.describe_data(users)


def test_drawn_steps_and_their_bad_values():
    recipe = family_of("SequenceClassifier").complete({})
    assert change_of(recipe) is None
    drawn = change_of({**recipe, "drawn": 3})
    assert drawn(np.arange(12.0).reshape(6, 2), [1]).shape == (3, 2)
    with pytest.raises(InputError, match="drawn is -3: give a whole number of at least 1"):
        change_of({**recipe, "drawn": -3})
    with pytest.raises(InputError, match="drawn is 3: it is for features"):
        change_of({**recipe, "drawn": 3, "tilt": 5.0})
