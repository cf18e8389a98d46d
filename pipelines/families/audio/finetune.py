"""How a pretrained imputer goes on learning on a user's own music."""

import numpy as np

from rnnzoo.audio.batches import SpectrogramWindows
from rnnzoo.audio.spectrogram import analyse
from rnnzoo.datasets.audio.reader import read_audio
from rnnzoo.datasets.music.folder import music_pieces, split_pieces
from rnnzoo.datasets.music.mono import mono
from rnnzoo.pipelines.families.audio.card import imputer_card
from rnnzoo.pipelines.families.audio.evaluator import (
    BASELINES,
    SPLITS,
    UNIT,
    errors,
    excerpts,
    of_model,
)
from rnnzoo.pipelines.families.audio.given_pieces import kept_pieces
from rnnzoo.pipelines.families.audio.model_stages import golden_inputs

BATCH, WINDOW = 8, 256
# Of two directions: what is estimated of a window's both sides is the better the longer it is.
BATCH_BOTH, WINDOW_BOTH = 1, 2048


def read(path, base):
    """The pieces of a folder of music: dict from split to dict from name to its magnitudes.

    Raises:
        InputError: it is no folder, has fewer than three files of music, or one cannot be read.
    """
    del base
    parts = split_pieces(music_pieces(path))
    return {
        "sha256": kept_pieces(parts),
        "pieces": {
            split: {piece.name: np.abs(analyse(mono(read_audio(piece.path)))).T for piece in part}
            for split, part in parts.items()
        },
    }


def finetuned(model, data, words, seed, fit):
    """Fine-tunes an imputer on the training split of music.

    Args:
        model: `SpectrogramImputer`, compiled.
        data: what `read` returns.
        words: dict, what the card says beside figures.
        seed: int.
        fit: function (model, batches, batches of the validation split, sample) that trains
            the model and returns its history.

    Returns:
        (`SpectrogramImputer`, dict card, golden inputs, history).
    """
    pieces, sha256 = data["pieces"], data["sha256"]
    judged = {split: excerpts(pieces[split], split) for split in SPLITS}
    before = _errors(of_model(model), judged)

    def windows(split, shuffle):
        some = list(pieces[split].values())
        length, size = WINDOW, BATCH
        if model.bidirectional:
            length, size = min(WINDOW_BOTH, max(len(one) for one in some)), BATCH_BOTH
        return SpectrogramWindows(some, length, size, seed=seed, shuffle=shuffle)

    history = fit(model, windows("train", True), windows("validation", False))
    card = imputer_card(
        **words,
        model=model,
        data={"name": f"music-{sha256[:16]}", "sha256": sha256},
        pieces=pieces,
        metrics={"unit": UNIT, "seed": seed, **_errors(of_model(model), judged), "before": before},
        baselines={
            name: {split: errors(fill, judged[split]) for split in SPLITS}
            for name, fill in BASELINES.items()
        },
    )
    return model, card, golden_inputs(next(iter(pieces["validation"].values()))), history


def _errors(fill, judged):
    return {split: errors(fill, some)["mean"] for split, some in judged.items()}
