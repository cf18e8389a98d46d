"""The grid of actions: its cells, [NB]'s values, and a short training of each kind."""

import keras
import numpy as np
import pytest

from rnnzoo.datasets.common.class_folders import Clip
from rnnzoo.datasets.common.folders import data_dir
from rnnzoo.datasets.sequences.labelled import Labelled
from rnnzoo.datasets.ucf11 import load
from rnnzoo.pipelines.experiments.studies import nem_actions, nem_actions_ucf11
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


def test_the_phases_of_videos(monkeypatch):
    opened = []
    parts = {
        split: [Clip(split, split, "diving", "g")] for split in ("train", "validation", "test")
    }
    monkeypatch.setattr(load, "load_clips", lambda: parts)

    def features(clips, network):
        assert network == "EfficientNet-Lite2"
        opened.extend(clips)
        labelled = {
            split: Labelled([split], [np.full((7, 4), i, "float32")], ["diving"])
            for i, split in enumerate(clips)
        }
        return labelled, ""

    monkeypatch.setattr(clips_module, "labelled_clips", features)
    monkeypatch.setattr(by_name, "network_named", lambda name=by_name.DEFAULT: name)
    (x, y), (z, _) = nem_actions_ucf11.load("validation")
    assert "test" not in opened and len(x) == len(z) == 1 and y.argmax() == 2
    (x, _), (z, _) = nem_actions_ucf11.load("test")
    assert [x[:, 0, 0].tolist(), z[:, 0, 0].tolist()] == [[0.0, 1.0], [2.0]]
