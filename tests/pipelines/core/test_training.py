"""An interrupted training is continued to the same model, with the same noise and dropout."""

import json

import keras
import numpy as np
import pytest

from rnnzoo.datasets.char_text.load import CharText
from rnnzoo.datasets.text.vocabulary import Vocabulary
from rnnzoo.families import families
from rnnzoo.pipelines.core import training
from rnnzoo.pipelines.families.text.family import TEXT as FAMILY
from rnnzoo.text.batches import TextWindows
from rnnzoo.training_logs import run_folder

TEXT = CharText("t", "the cat sat on the mat. " * 3, "", "", Vocabulary.of("the cat sat on m."))
RECIPE = families()["TextGenerator"].complete(
    {
        "architecture": "nemlstm", "units": 4, "noise_std": 0.3, "dropout": 0.3, "window": 6,
        "batch_size": 8, "epochs": 2, "learning_rate": 0.01, "clip_norm": 1.0,
    }
)  # fmt: skip


def test_interrupted_after_its_first_epoch(tmp_path, monkeypatch):
    monkeypatch.setattr(FAMILY, "sample", lambda model: "a sample")
    monkeypatch.setattr(training, "TrainingLog", lambda *arguments: keras.callbacks.Callback())
    whole = FAMILY.train("t-nemlstm", RECIPE, TEXT, 1, tmp_path / "whole")

    class Stopped(training.Checkpoint):
        def on_epoch_end(self, epoch, logs=None):
            super().on_epoch_end(epoch, logs)
            if epoch == 0:
                raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(training, "Checkpoint", Stopped)
        with pytest.raises(KeyboardInterrupt):
            FAMILY.train("t-nemlstm", RECIPE, TEXT, 1, tmp_path / "parts")
    resumed = FAMILY.train("t-nemlstm", RECIPE, TEXT, 1, tmp_path / "parts")
    for weight, expected in zip(resumed.weights, whole.weights, strict=True):
        np.testing.assert_array_equal(weight, expected)
    rows = json.loads((tmp_path / "parts/seed-1.json").read_text())
    assert [row["epoch"] for row in rows] == [1, 2]
    assert rows == json.loads((tmp_path / "whole/seed-1.json").read_text())
    assert [row["sample"] for row in rows] == ["a sample"] * 2


def test_a_family_has_callbacks_of_its_own_and_need_not_have_samples(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "TrainingLog", lambda *arguments: keras.callbacks.Callback())
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path))
    folders, seen = [], []

    def callbacks(folder, every):
        folders.append((folder, every))
        return [keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(epoch))]

    def train():
        return training.train(
            "t",
            RECIPE,
            1,
            tmp_path / "work",
            build=lambda: FAMILY.build("t-nemlstm", RECIPE, TEXT),
            batches=lambda first: TextWindows(
                TEXT.vocabulary.encode(TEXT.train), 6, 8, first_epoch=first
            ),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            validation=lambda model: model.windows("the cat sat", 4, 1, shuffle=False),
            callbacks=callbacks,
        )

    for _ in range(2):  # the second time there is nothing left to train
        assert train().optimizer is not None
    assert folders == [(run_folder("t", "work-seed-1"), 1)]
    assert seen == [0, 1]
    rows = json.loads((tmp_path / "work/seed-1.json").read_text())
    assert [set(row) for row in rows] == [{"epoch", "loss", "val_loss", "learning_rate"}] * 2
