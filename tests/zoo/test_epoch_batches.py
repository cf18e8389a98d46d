"""The batches that `fit` gets by default, by the command `finetune` and from Python."""

import types

import keras
import numpy as np
import pytest

from rnnzoo.audio.imputer import SpectrogramImputer
from rnnzoo.datasets.char_text.load import load_char_text
from rnnzoo.families import families
from rnnzoo.frames.predictor import FramePredictor
from rnnzoo.rates.forecaster import Forecaster
from rnnzoo.text.generator import TextGenerator


def layer():
    return [keras.layers.GRU(2)]


def text():
    data = load_char_text(text="the cat sat on the mat. " * 2650)  # 63 kB
    model = TextGenerator(data.vocabulary, layer())
    return model, data, model.windows(data.train)


def rates():
    values = np.full(4000, 70.0)
    model = Forecaster(layer())
    data = types.SimpleNamespace(
        rates=types.SimpleNamespace(values=values),
        ends={"train": 3600},
        held_out={"validation": (values, 3600)},
    )
    return model, data, model.windows(values[:3600])


def frames():
    pictures = {"train": np.zeros((24, 5, 4, 4)), "validation": np.zeros((2, 5, 4, 4))}
    model = FramePredictor((4, 4), layer())
    return model, types.SimpleNamespace(frames=pictures), model.windows(pictures["train"])


def audio():
    samples = [np.sin(0.1 * np.arange(700_000)), np.sin(0.2 * np.arange(300_000))]
    model = SpectrogramImputer(layer())
    from rnnzoo.audio.spectrogram import analyse

    pieces = {f"{i}": np.abs(analyse(piece)).T for i, piece in enumerate(samples)}
    data = types.SimpleNamespace(pieces={"train": pieces, "validation": pieces})
    return model, data, model.windows(samples)


@pytest.mark.parametrize(
    ("of", "steps", "size"), [(text, 72, 8), (rates, 43, 1), (frames, 24, 1), (audio, 61, 1)]
)
def test_python_and_the_command_make_the_same_number_of_steps(of, steps, size):
    model, data, by_python = of()
    family = families()[type(model).__name__].load_pipeline()
    by_command, _ = family.finetune_batches(model, data, seed=0)
    assert len(by_command) == len(by_python) == steps
    assert by_python.batch_size == by_command.batch_size == size


def test_a_batch_size_that_is_given_is_kept_and_evaluation_needs_no_steps():
    model, data, _ = text()
    assert model.windows(data.train, batch_size=64).batch_size == 64
    assert model.windows(data.train, shuffle=False).batch_size == 16


def test_an_epoch_that_is_continued_has_the_batches_that_it_would_have_had():
    model, data, batches = text()
    for _ in range(3):
        batches.on_epoch_end()
    again = model.windows(data.train)
    again.begin_at(3)
    np.testing.assert_array_equal(again[0][0], batches[0][0])
