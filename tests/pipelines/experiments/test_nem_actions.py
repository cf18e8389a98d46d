"""The grid of actions: its cells, [NB]'s values, and a short training of each kind."""

from pathlib import Path

import keras
import numpy as np
import pytest

from rnnzoo.datasets.common.class_folders import Clip
from rnnzoo.datasets.common.folders import data_dir
from rnnzoo.datasets.sequences.labelled import Labelled
from rnnzoo.datasets.ucf11 import clips as ucf11_clips
from rnnzoo.datasets.ucf11.clips import numbers
from rnnzoo.pipelines.experiments.studies import nem_actions, nem_actions_ucf11, ucf11_groups
from rnnzoo.pipelines.families.sequences import clips as clips_module
from rnnzoo.sequences.networks import by_name

ARMS = {arm.name: arm for arm in nem_actions.EXPERIMENT.arms}


def test_every_cell_of_the_tables_has_an_arm():
    assert len(ARMS) == 2 * (1 + 2 * 3 * 2)
    assert len(nem_actions.EXPERIMENT.pairs) == 12
    accuracy, cross_entropy, speed_up = nem_actions.EXPERIMENT.measures
    assert set(accuracy.source) == set(ARMS)
    assert set(speed_up.source) == {name for name in ARMS if not name.endswith("none")}
    assert accuracy.source["lstm additive both nem"] == "[NB] table 1: 96.70% (UCF-11)"
    assert accuracy.source["gru none"] == "[NB] table 3: 92.10% (UCF-11)"
    assert speed_up.source["gru multiplicative gates blind"] == "[NB] table 4: -10% (UCF-11)"
    assert not cross_entropy.source


@pytest.mark.parametrize(
    "name", ["gru none", "lstm additive outputs nem", "gru multiplicative both blind"]
)
def test_a_short_training(name, eager):
    arm = ARMS[name]
    settings = arm.candidates[0]
    if arm.follows:
        settings = ARMS[arm.follows].candidates[0] | settings
    random = np.random.default_rng(0)
    x, y = random.normal(size=(40, 5, 6)).astype("float32"), np.eye(3, dtype="float32")
    y = y[random.integers(3, size=40)]
    keras.utils.set_random_seed(1)
    results = nem_actions.run(settings, 1, (x[:24], y[:24]), (x[24:], y[24:]), quick=True)
    assert results["cross_entropy"] == results["held_out_loss"][-1] > 0
    assert 0 <= results["accuracy"] <= 100


def test_the_phases_of_the_real_skeletons():
    if data_dir() is None:
        pytest.skip("RNNZOO_DATA_DIR is not set: no skeletons")
    (x, y), (z, _) = nem_actions.load("validation")
    (more, _), (test, truth) = nem_actions.load("test")
    assert x.shape[1:] == z.shape[1:] == (32, 120)
    assert len(x) + len(z) == len(more)
    assert len(test) == len(truth) and y.shape[1] == 20
    np.testing.assert_allclose(y.sum(axis=1), 1)


class Videos:
    """Six groups of two clips of two classes, and a network that is not called."""

    def __init__(self, monkeypatch):
        self.opened = set()
        clips = [
            Clip(f"{label}/{name}", Path(f"{name}.avi"), label, f"{label}/{group}")
            for label in ("diving", "biking")
            for group in range(1, 7)
            for name in (f"v_{label}_{group:02}_01", f"v_{label}_{group:02}_02")
        ]
        monkeypatch.setattr(clips_module, "labelled_clips", self.labelled)
        monkeypatch.setattr(ucf11_clips, "ucf11_clips", lambda form="both": clips)
        monkeypatch.setattr(by_name, "network_named", lambda: "the default")

    def labelled(self, parts, network, sampling=None):
        assert network == "the default"
        self.opened |= set(parts)
        features = {
            split: Labelled(
                [clip.name for clip in clips],
                [np.full((7, 4), numbers(clip)[0], "float32") for clip in clips],
                [clip.label for clip in clips],
            )
            for split, clips in parts.items()
        }
        return features, {}


def test_the_phases_of_videos(monkeypatch):
    videos = Videos(monkeypatch)
    train, held_out = nem_actions_ucf11.load("validation")
    assert videos.opened == {"train", "validation"} and list(train) == ["groups"]
    assert set(train["groups"][0][:, 0, 0]) == {1, 2, 3, 4}
    assert set(held_out["groups"][0][:, 0, 0]) == {5}
    train, held_out = nem_actions_ucf11.load("test")
    assert set(train["groups"][0][:, 0, 0]) == {1, 2, 3, 4, 5}
    assert set(held_out["groups"][0][:, 0, 0]) == {6}
    x, y = train["clips"]
    assert len(x) == 20 and len(held_out["clips"][0]) == 4 and y.shape == (20, 2)
    np.testing.assert_array_equal(y.sum(axis=0), [10, 10])


def test_each_cell_of_the_videos_has_both_splits():
    experiment = nem_actions_ucf11.EXPERIMENT
    arms = {arm.name: arm for arm in experiment.arms}
    assert len(arms) == 2 * 26 and len(experiment.pairs) == 2 * 12
    blind = arms["clips gru additive both blind"]
    assert blind.follows == "groups gru additive both nem"
    assert blind.control == "clips gru none"
    assert blind.candidates == ({"split": "clips", "noise": "blind"},)
    accuracy, _, speed_up = experiment.measures
    assert accuracy.source["clips lstm additive both nem"] == "[NB] table 1: 96.70%"
    assert {name.split()[0] for name in accuracy.source} == {"clips"}
    assert speed_up.source["clips gru multiplicative gates blind"] == "[NB] table 4: -10%"


def test_a_training_on_videos(monkeypatch, eager):
    monkeypatch.setattr(nem_actions_ucf11, "UNITS", 3)
    Videos(monkeypatch)
    train, held_out = nem_actions_ucf11.load("test")
    keras.utils.set_random_seed(1)
    for split in ("groups", "clips"):
        settings = {"architecture": "gru", "split": split, "noise": "nem", "gates_std": 0.1}
        results = nem_actions_ucf11.run(settings, 1, train, held_out, quick=True)
        assert results["cross_entropy"] == results["held_out_loss"][-1] > 0


def test_groups_left_out_in_turn(monkeypatch):
    Videos(monkeypatch)
    train, held_out = ucf11_groups.load("validation")
    own = ucf11_groups.OWN
    assert list(train[own]) == ["1", "2", "3", "4", "5", "6"]
    groups = {values[0, 0] for values in train[own]["1"].sequences}
    assert groups == {2, 3, 4, 5}, "6, before 1, is for validation"
    assert {values[0, 0] for values in held_out[own]["1"].sequences} == {6}
    train, held_out = ucf11_groups.load("test")
    assert {values[0, 0] for values in train[own]["3"].sequences} == {1, 2, 4, 5, 6}
    assert {values[0, 0] for values in held_out[own]["3"].sequences} == {3}
    assert len(held_out[own]["clips"]) == 4 and train.keys() == {ucf11_groups.NB, own}


def test_folds_are_averaged_and_clips_resampled_within_groups():
    def part(labels):
        values = [np.full((3, 2), label == "b", "float32") + 0.1 for label in labels]
        return Labelled([str(i) for i in range(len(labels))], values, list(labels))

    train = {"s": {"1": part("aabb"), "2": part("aabb"), "clips": part("ab")}}
    wrong = Labelled(["x", "y"], part("bb").sequences, ["a", "b"])
    held_out = {"s": {"1": part("ab"), "2": wrong, "clips": wrong}}
    result = ucf11_groups.run({"sampling": "s"}, 1, train, held_out, quick=False)
    assert result == {"error": 25.0, "correct": [1, 1, 0, 1], "sizes": [2, 2], "by_clip": 50.0}
    # The first group is always right; of the second 0, 1 or 2 of two.
    assert ucf11_groups.interval([result]) == (50.0, 100.0)
    stored = {key: [float(n) for n in result[key]] for key in ("correct", "sizes")}
    assert ucf11_groups.interval([stored]) == (50.0, 100.0)
