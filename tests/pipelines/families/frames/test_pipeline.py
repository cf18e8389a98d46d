"""Nine stages end to end, from balls and from frames of one's own."""

import json

import numpy as np
import pytest
import tensorflow as tf

import rnnzoo
from rnnzoo.datasets.bouncing_balls import load
from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.frames.recipe import complete
from rnnzoo.pipelines.families.frames.free_run import HORIZONS
from rnnzoo.pipelines.finetune import finetune
from rnnzoo.pipelines.pipeline import Pipeline
from rnnzoo.pipelines.stages.anomalies import read_warnings
from rnnzoo.registry import recipes


@pytest.fixture
def mine(tmp_path):
    """Frames of one's own in a file."""
    path = tmp_path / "My balls.npy"
    np.save(path, bouncing_balls(24, 30, 9, balls=1, size=9, radius=1.5).frames)
    return path


def test_the_card_has_the_figures_of_every_seed_beside_the_baselines(pushed):
    _, folder, card = pushed
    metrics, baselines = card["metrics"], card["baselines"]
    assert metrics["test"] == metrics["by_seed"]["1"]["test"] != metrics["by_seed"]["2"]["test"]
    assert metrics["test"] < baselines["copied"]["test"]
    assert baselines["extrapolated"]["test"] < baselines["copied"]["test"]
    test = load.load_bouncing_balls("balls2", "test").frames.astype("float64")
    copied = np.square(test[:, 1:] - test[:, :-1]).sum(axis=(2, 3)).mean()
    assert baselines["copied"]["test"] == pytest.approx(copied)
    model = rnnzoo.load("balls-short")
    predicted = np.asarray(model(test[:, :-1].astype("float32")))
    error = np.square(predicted - test[:, 1:]).sum(axis=(2, 3)).mean()
    assert metrics["test"] == pytest.approx(error, rel=1e-5)
    assert set(metrics["free_run"]) == {"balls2", "balls3"}
    for judged in metrics["free_run"].values():
        assert [row["step"] for row in judged["by_seed"]["2"]] == list(HORIZONS)
        assert judged["baselines"]["copied"][0]["count_right"] == 1
    assert card["data"]["sequences"] == {"train": 60, "validation": 8, "test": 8}


def test_the_model_is_whole_and_answers_as_it_did(pushed):
    report = rnnzoo.verify("balls-short")
    assert report["golden_difference"] <= 1e-5
    history = json.loads((pushed[1] / "history.json").read_text())
    assert [row["epoch"] for row in history] == list(range(1, 17))
    assert history[-1]["loss"] < history[0]["loss"]


def test_a_second_run_does_nothing(pushed):
    models, folder, _ = pushed
    assert Pipeline("balls-short", models).unchanged()[0] == folder


def test_pictures_of_rollouts_are_in_tensorboard(pushed):
    from rnnzoo.pipelines.core.training_logs import root

    events = sorted((root() / "runs" / "balls-short").rglob("events*"))
    tags = {
        value.tag
        for path in events
        for event in tf.compat.v1.train.summary_iterator(str(path))
        for value in event.summary.value
    }
    assert {"rollout", "loss", "learning_rate"} <= tags


def test_a_training_in_two_parts_goes_on_where_it_was_interrupted(few, models, monkeypatch):
    import keras

    from rnnzoo.pipelines.families.frames import training

    parts = {"seeds": [1], "epochs": 2, "free_run": 2, "free_run_epochs": 2, "window": 5}
    parts |= {"free_run_learning_rate": 0.001, "also": []}
    monkeypatch.setitem(recipes(), "balls-short", {**recipes()["balls-short"], **parts})
    settings = complete(recipes()["balls-short"])
    frames = load.load_bouncing_balls("balls2", "train").frames
    whole = training.train("balls-short", settings, frames, frames, 1, models / "a")

    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise KeyboardInterrupt

    own = training.RolloutLog
    monkeypatch.setattr(training, "RolloutLog", lambda *arguments: Stop())
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            training.train("balls-short", settings, frames, frames, 1, models / "b")
    monkeypatch.setattr(training, "RolloutLog", own)
    resumed = training.train("balls-short", settings, frames, frames, 1, models / "b")
    assert resumed.free_run == 0
    for one, other in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_frames_of_ones_own_are_trained_on(few, mine, models, monkeypatch):
    monkeypatch.setitem(
        recipes(), "balls-short", {**recipes()["balls-short"], "epochs": 30, "seeds": [1]}
    )
    folder, card = Pipeline("balls-short", models, mine).run()
    assert card["name"] == "my-balls-short"
    assert card["data"]["file"] == "My balls.npy"
    assert "free_run" not in card["metrics"]
    assert card["metrics"]["test"] < card["baselines"]["copied"]["test"]
    assert rnnzoo.load("my-balls-short").size == (9, 9)


def test_a_model_worse_than_a_copy_of_the_last_frame_is_not_pushed(few, mine, models, monkeypatch):
    worse = {**recipes()["balls-short"], "epochs": 1, "seeds": [1]}
    monkeypatch.setitem(recipes(), "balls-short", worse)
    with pytest.raises(InputError, match="not pushed: .* a copy of the last frame has"):
        Pipeline("balls-short", models, mine).run()
    assert not list(models.glob("*/*"))


def test_frames_in_which_nothing_moves_are_refused(few, tmp_path, models):
    np.save(tmp_path / "still.npy", np.ones((1, 60, 9, 9), "uint8"))
    with pytest.raises(InputError, match="nothing moves"):
        Pipeline("balls-short", models, tmp_path / "still.npy").run()


def test_repeated_sequences_are_warned_of(tmp_path):
    from rnnzoo.pipelines.families.frames import data_stages, family

    frames = bouncing_balls(20, 12, 9, balls=1, size=9, radius=1.5).frames
    np.save(tmp_path / "twice.npy", np.concatenate([frames, frames]))
    name, sha256 = family.given_data(tmp_path / "twice.npy", {})
    folders = {part: tmp_path / part for part in ("examples", "statistics", "schema", "anomalies")}
    for folder in folders.values():
        folder.mkdir()
    data_stages.examples.function(folders["examples"], data=name, data_sha256=sha256)
    data_stages.statistics.function(folders["statistics"], examples=folders["examples"])
    data_stages.schema.function(folders["schema"], statistics=folders["statistics"])
    data_stages.anomalies.function(
        folders["anomalies"], statistics=folders["statistics"], schema=folders["schema"]
    )
    warned = read_warnings(folders["anomalies"])
    assert [line for line in warned if line.startswith("100% of the sequences of test")]
    assert data_stages.read_size(folders["schema"]) == (9, 9)


def test_fine_tuning_on_frames_of_ones_own(pushed, mine):
    models = pushed[0]
    folder, card = finetune("balls-short", mine, "mine", models, epochs=2)
    assert card["metrics"]["validation"] < card["metrics"]["before"]["validation"]
    assert card["base"]["name"] == "balls-short"
    assert rnnzoo.verify("mine")["path"] == str(folder)


def test_frames_of_another_size_cannot_be_fine_tuned_on(pushed, tmp_path):
    np.save(tmp_path / "large.npy", np.zeros((30, 12, 10, 9)))
    with pytest.raises(InputError, match="10 x 9 pixels .*give 9 x 9"):
        finetune("balls-short", tmp_path / "large.npy", "mine2", pushed[0])
    assert not (pushed[0] / "mine2").exists()
