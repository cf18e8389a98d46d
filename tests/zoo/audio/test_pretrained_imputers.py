"""The pretrained imputers: their cards, and that they restore music of the test split."""

import numpy as np
import pytest

import rnnzoo
from rnnzoo.audio.evaluation import BASELINES, errors, excerpts, of_model
from rnnzoo.audio.spectrogram import analyse
from rnnzoo.datasets.music.pieces import load_piece
from rnnzoo.datasets.music.sources import PIECES

NAMES = ["music-bilstm", "music-lstm", "music-rnn"]


def test_all_three_ship():
    assert rnnzoo.list_models("music*", pretrained=True) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_its_card_says_whose_music_it_learned_from_and_is_better_than_the_means(name):
    card = rnnzoo.info(name)
    assert "CC BY-SA 3.0 (Max McCracken)" in card["data"]["licence"]
    assert "GPL-3+" in card["data"]["licence"]
    assert card["data"]["minutes"]["train"] > 180
    assert all(piece.startswith("librosa/") for piece in card["data"]["pieces"]["test"])
    assert not any(piece.startswith("librosa/") for piece in card["data"]["pieces"]["train"])
    means = card["baselines"]["means"]["test"]["mean"]
    for row in card["metrics"]["by_seed"].values():
        assert row["test"] < means


@pytest.mark.parametrize("name", NAMES)
def test_its_figures_on_a_real_piece(name, needs_data):
    needs_data(PIECES["trumpet"])
    magnitudes = np.abs(analyse(load_piece("trumpet").samples[0])).T
    examples = excerpts({"trumpet": magnitudes}, "test")
    error = errors(of_model(rnnzoo.load(name)), examples)["mean"]
    assert error < errors(BASELINES["means"], examples)["mean"]
