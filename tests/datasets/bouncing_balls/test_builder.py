"""The TFDS data set: its splits, and that it holds what the simulator makes."""

import numpy as np
import pytest
import tensorflow_datasets as tfds

from rnnzoo.datasets.bouncing_balls.bouncing_balls_dataset_builder import (
    FOLDER,
    BouncingBallsConfig,
    Builder,
)
from rnnzoo.datasets.bouncing_balls.load import load_bouncing_balls
from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls
from rnnzoo.datasets.common.errors import InputError

FEW = {"train": 103, "validation": 2, "test": 3}


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path))


def in_order(frames):
    return sorted(sequence.tobytes() for sequence in frames)


def test_a_split_is_what_the_simulator_makes(own_cache):
    settings = {"radius": (1, 2), "mass": (1, 3), "rendering": "antialiased"}
    asked = {"balls": 2, "size": (12, 16), "settings": settings, "sequences": FEW}
    config = BouncingBallsConfig.of(**asked, steps=7, seed=5)
    assert config.name != BouncingBallsConfig.of(**asked, steps=7, seed=6).name
    assert config.name == BouncingBallsConfig.of(**asked, steps=7, seed=5).name
    loaded = load_bouncing_balls(config, "train")
    assert loaded.frames.shape == (103, 7, 12, 16) and loaded.frames.dtype == "float32"
    simulated = [
        bouncing_balls(count, 7, [5, 0, first], balls=2, size=(12, 16), **settings)
        for first, count in ((0, 100), (100, 3))
    ]
    for name in ("frames", "positions", "velocities"):
        expected = np.concatenate([getattr(part, name) for part in simulated])
        assert in_order(getattr(loaded, name)) == in_order(expected)
    np.testing.assert_array_equal(loaded.masses, [1, 3])
    again = load_bouncing_balls(config, "train")
    np.testing.assert_array_equal(again.frames, loaded.frames)
    others = load_bouncing_balls(config, "validation"), load_bouncing_balls(config, "test")
    assert [len(other.frames) for other in others] == [2, 3]
    seen = [in_order(part.positions) for part in (loaded, *others)]
    assert len(set().union(*seen)) == sum(map(len, seen))


@pytest.mark.parametrize(
    "name, balls, size, dtype",
    [("balls2", 2, 18, "uint8"), ("balls3", 3, 18, "uint8"), ("sutskever", 3, 30, "float32")],
)
def test_named_ones(name, balls, size, dtype, own_cache, monkeypatch):
    (config,) = [config for config in Builder.BUILDER_CONFIGS if config.name == name]
    assert config.sequences == {"train": 4000, "validation": 200, "test": 200}
    monkeypatch.setattr(config, "sequences", FEW)
    test = load_bouncing_balls(name, "test")
    assert test.frames.shape == (3, 100, size, size) and test.frames.dtype == dtype
    assert test.positions.shape == test.velocities.shape == (3, 100, balls, 2)
    assert test.radii.shape == test.masses.shape == (balls,)


def test_what_is_refused(own_cache):
    with pytest.raises(InputError, match="unknown balls 'balls9': choose one of balls2, balls3"):
        load_bouncing_balls("balls9", "train")
    with pytest.raises(InputError, match="unknown split 'dev': choose one of train, validation"):
        load_bouncing_balls("balls3", "dev")


class BouncingBallsTest(tfds.testing.DatasetBuilderTestCase):
    """TFDS's own checks of a builder."""

    DATASET_CLASS = Builder
    BUILDER_CONFIG_NAMES_TO_TEST = ["balls2", "sutskever"]
    SPLITS = {"train": 4, "validation": 2, "test": 3}
    EXAMPLE_DIR = FOLDER  # nothing is downloaded
    SKIP_CHECKSUMS = True

    def setUp(self):
        super().setUp()
        patch = self.enter_context(pytest.MonkeyPatch.context())
        for config in Builder.BUILDER_CONFIGS:
            patch.setattr(config, "sequences", self.SPLITS)
