"""An imputer that is trained in seconds, on generated music."""

import numpy as np
import pytest

from rnnzoo.audio import adaptation
from rnnzoo.datasets.audio.writer import write_audio

SHORT = {"units": 6, "window": 48, "windows": 16, "batch_size": 8, "epochs": 2, "seeds": [1]}
RATE = 22_050


@pytest.fixture(scope="module")
def music_folder(tmp_path_factory):
    """Six pieces of two seconds, notes of a scale after each other."""
    folder = tmp_path_factory.mktemp("tunes")
    random = np.random.default_rng(0)
    for piece in range(6):
        notes = [
            np.sin(2 * np.pi * 220 * 2 ** (random.integers(24) / 12) * np.arange(4410) / RATE)
            * np.exp(-np.arange(4410) / 3000)
            for _ in range(10)
        ]
        write_audio(folder / f"{piece}.wav", 0.4 * np.concatenate(notes), RATE, "PCM_16")
    return folder


@pytest.fixture(scope="module")
def pushed(music_folder, pushed_alone, short_recipe):
    """(folder of models, folder, card) of a short recipe on generated music."""
    with short_recipe("music-short", "music-lstm", SHORT) as patch:
        patch.setattr(adaptation, "STEPS", 4)
        with pushed_alone("music-short", music_folder, "tunes-short") as artifact:
            yield artifact
