"""Nine stages end to end, from simulated balls and from a user's frames."""

import json

import numpy as np
import pytest
import tensorflow as tf

import rnnzoo
from rnnzoo.datasets.bouncing_balls import load
from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.frames.free_run import HORIZONS
from rnnzoo.pipelines.finetune import finetune
from rnnzoo.pipelines.pipeline import Pipeline
from rnnzoo.registry import recipes
from rnnzoo.training_logs import run_folder

pytestmark = pytest.mark.slow


@pytest.fixture
def mine(tmp_path):
    """A file of a user's frames."""
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
    for part in metrics["free_run"].values():
        assert [row["step"] for row in part["by_seed"]["2"]] == list(HORIZONS)
        assert part["baselines"]["copied"][0]["count_right"] == 1
    assert card["data"]["sequences"] == {"train": 60, "validation": 8, "test": 8}


def test_the_artifact_is_verified_and_has_its_history(pushed):
    report = rnnzoo.verify("balls-short")
    assert report["golden_difference"] <= 1e-5
    history = json.loads((pushed[1] / "history.json").read_text())
    assert [row["epoch"] for row in history] == list(range(1, 17))
    assert history[-1]["loss"] < history[0]["loss"]


def test_a_second_run_does_nothing(pushed):
    models, folder, _ = pushed
    assert Pipeline("balls-short", models).unchanged()[0] == folder


def logged_tags(name):
    """The tags of all event files of a model's trainings."""
    return {
        value.tag
        for path in run_folder(name, "").rglob("events*")
        for event in tf.compat.v1.train.summary_iterator(str(path))
        for value in event.summary.value
    }


def test_pictures_of_rollouts_are_in_tensorboard(pushed):
    assert {"rollout", "loss", "val_loss", "learning_rate"} <= logged_tags("balls-short")


def test_a_model_worse_than_a_copy_of_the_last_frame_is_not_pushed(few, mine, models, monkeypatch):
    worse = {**recipes()["balls-short"], "epochs": 1, "seeds": [1]}
    monkeypatch.setitem(recipes(), "balls-short", worse)
    with pytest.raises(InputError, match="not pushed: .* a copy of the last frame has"):
        Pipeline("balls-short", models, mine).run()
    assert not list(models.glob("*/*"))


def test_fine_tuning_on_a_users_frames(pushed, mine):
    models = pushed[0]
    folder, card = finetune("balls-short", mine, "mine", models, epochs=2)
    assert card["metrics"]["validation"] < card["metrics"]["before"]["validation"]
    assert card["baselines"]["copied"]["validation"] > 0
    assert card["data"]["sequences"] == {"train": 22, "validation": 1, "test": 1}
    assert rnnzoo.verify("mine")["path"] == str(folder)
    assert {"rollout", "val_loss"} <= logged_tags("mine")


@pytest.mark.tfx
def test_the_engine_of_tfx_gives_the_same_model(pushed, digest_by_tfx):
    assert digest_by_tfx("balls-short") == pushed[2]["content_digest"]


@pytest.mark.tfx
def test_a_pipeline_for_kubeflow(few, checked_spec):
    checked_spec("balls-short")
