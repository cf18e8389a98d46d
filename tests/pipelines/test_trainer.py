"""A training that is interrupted goes on to the same model, noise and dropout included."""

import json

import keras
import numpy as np
import pytest

from rnnzoo.datasets.char_text.load import CharText
from rnnzoo.datasets.vocabulary import Vocabulary
from rnnzoo.pipelines import trainer
from rnnzoo.text.recipe import complete

TEXT = CharText("t", "the cat sat on the mat. " * 3, "", "", Vocabulary.of("the cat sat on m."))
SETTINGS = complete(
    {
        "architecture": "nemlstm", "units": 4, "noise_std": 0.3, "dropout": 0.3, "window": 6,
        "batch_size": 8, "epochs": 2, "learning_rate": 0.01, "clip_norm": 1.0,
    }
)  # fmt: skip


def test_interrupted_after_its_first_epoch(tmp_path, monkeypatch):
    monkeypatch.setattr(trainer, "sample", lambda model: "a sample")
    monkeypatch.setattr(trainer, "TrainingLog", lambda *given: keras.callbacks.Callback())
    whole = trainer.train("t-nemlstm", SETTINGS, TEXT, 1, tmp_path / "whole")

    class Stopped(trainer.Checkpoint):
        def on_epoch_end(self, epoch, logs=None):
            super().on_epoch_end(epoch, logs)
            if epoch == 0:
                raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(trainer, "Checkpoint", Stopped)
        with pytest.raises(KeyboardInterrupt):
            trainer.train("t-nemlstm", SETTINGS, TEXT, 1, tmp_path / "parts")
    resumed = trainer.train("t-nemlstm", SETTINGS, TEXT, 1, tmp_path / "parts")
    for one, other in zip(resumed.weights, whole.weights, strict=True):
        np.testing.assert_array_equal(one, other)
    rows = json.loads((tmp_path / "parts/seed-1.json").read_text())
    assert [row["epoch"] for row in rows] == [1, 2]
    assert rows == json.loads((tmp_path / "whole/seed-1.json").read_text())
    assert [row["sample"] for row in rows] == ["a sample"] * 2
