"""A short tuning of every family: a trial is trained, and its figure is that of the validation."""

import pytest

from rnnzoo.families import family_of
from rnnzoo.pipelines.pipeline import Pipeline
from rnnzoo.pipelines.tuning.tune import plan_of, tune
from rnnzoo.registry import recipe

pytestmark = pytest.mark.slow
COMMON = {"units": 4, "epochs": 1, "seeds": [1], "search": {"units": [4, 5]}}


@pytest.fixture
def music_folder(tmp_path):
    """A user's folder of six pieces of noise."""
    import numpy as np

    from rnnzoo.datasets.audio.writer import write_audio

    random = np.random.default_rng(0)
    for piece in range(6):
        write_audio(tmp_path / f"{piece}.wav", 0.1 * random.normal(size=44_100), 22_050, "PCM_16")
    return tmp_path


@pytest.fixture
def sequences(monkeypatch):
    """Few skeletons instead of the data set; no file."""
    import numpy as np

    from rnnzoo.datasets.action3d import load
    from rnnzoo.datasets.sequences.labelled import Labelled

    def splits(path=None):
        random, labels = np.random.default_rng(0), ["hammer", "draw x"] * 6
        return {
            split: Labelled(
                [f"{split}_{i}" for i in range(12)],
                [random.normal(size=(10, 20, 3)).astype("f4") for _ in labels],
                labels,
            )
            for split in ("train", "validation", "test")
        }

    monkeypatch.setattr(load, "load_labelled", splits)


@pytest.fixture
def frames(monkeypatch):
    """Few balls instead of the data set; no file."""
    from rnnzoo.datasets.bouncing_balls import load
    from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls

    def balls(name, split):
        return bouncing_balls(8, 62, len(split), balls=1, size=9, radius=1.5)

    monkeypatch.setattr(load, "load_bouncing_balls", balls)


CASES = {
    "usdinr-gru": ("rates_file", {"window": 60}),
    "action3d-gru": ("sequences", {"steps": 8, "by_clip": False}),
    "balls2-lstm": ("frames", {"window": 10, "batch_size": 8}),
    "music-lstm": ("music_folder", {"window": 48, "windows": 16, "batch_size": 8}),
    "shanghai-gru": ("city_folder", {"embedding": 4}),
    "nycbike-gru": ("fields_file", {"rank": 3}),
    "power-gru": ("weather_file", {}),
}


@pytest.mark.parametrize("base", CASES)
def test_a_trial_is_trained_and_evaluated_on_validation(
    base, request, short_recipe, tmp_path, monkeypatch
):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    fixture, short = CASES[base]
    data = request.getfixturevalue(fixture)
    family = type(family_of(recipe(base)["task"]).load_pipeline())
    figure, calls = family.figure, []

    def watched(self, model, data, split):
        value = figure(self, model, data, split)
        calls.append((split, model.recurrent[0].units, value))
        return value

    monkeypatch.setattr(family, "figure", watched)
    with short_recipe("short-recipe", base, {**COMMON, **short}):
        names = () if data is None else (data, "mine")
        pipeline = Pipeline("short-recipe", tmp_path / "models", *names)
        tuning = tune(pipeline, plan_of("short-recipe", pipeline.parameters, 1))
    assert [call[:2] for call in calls] == [("validation", 4), ("validation", 5)]
    assert [trial.validation for trial in tuning.trials] == [call[2] for call in calls]
    assert tuning.unit == family.unit
