"""How an imputer is fine-tuned: which windows it learns from."""

import keras
import numpy as np
import pytest

from rnnzoo.audio import adaptation
from rnnzoo.audio.imputer import SpectrogramImputer
from rnnzoo.pipelines.families.audio import finetune


@pytest.mark.parametrize(
    ("bidirectional", "length", "size"),
    [(False, finetune.WINDOW, finetune.BATCH), (True, 700, finetune.BATCH_BOTH)],
)
def test_windows_are_long_in_two_directions_and_hold_no_more_than_there_is(
    bidirectional, length, size, monkeypatch
):
    monkeypatch.setattr(finetune, "imputer_card", lambda **about: about)
    monkeypatch.setattr(adaptation, "STEPS", 1)
    random = np.random.default_rng(0)
    pieces = {
        split: {"tune": random.gamma(1.0, size=(columns, 129)).astype("float32")}
        for split, columns in (("train", 700), ("validation", 500), ("test", 400))
    }
    model = SpectrogramImputer([keras.layers.LSTM(3)], bidirectional=bidirectional)
    model.compile_default()
    before = model.get_weights()

    def fit(model, batches, validation):
        assert (batches.length, batches.batch_size) == (length, size)
        assert validation.length == (500 if bidirectional else length)
        return model.fit(batches, validation_data=validation, epochs=1, verbose=0).history

    tuned, card, golden, history = finetune.finetuned(
        model, {"sha256": "0" * 64, "pieces": pieces}, {}, 1, fit
    )
    assert tuned is model and golden.shape == (1, 32, 129)
    assert np.isfinite([history["loss"], history["val_loss"]]).all()
    assert any(not np.array_equal(*one) for one in zip(before, model.get_weights(), strict=True))
    assert set(card["metrics"]["before"]) == set(finetune.SPLITS)
