"""The card of an imputer: what it learned from, and what it sees and answers."""

from rnnzoo.datasets.audio.spectrogram_grid import BINS, HOP, N_FFT
from rnnzoo.datasets.music.mono import RATE
from rnnzoo.pipelines.core.card import card_of


def imputer_card(name, title, model, data, pieces, source, **fields):
    """A card without `version` and `content_digest`, which the pusher adds.

    Args:
        name: str.
        title: str, one sentence.
        model: `SpectrogramImputer`.
        data: dict, `name` and `sha256` of the music it learned from.
        pieces: dict from split to dict from a piece's name to its magnitudes (columns, 129).
        source: dict, where it comes from: `url` and `licence`.
        fields: dict entries that go in as they are.
    """
    about = {
        "input": f"float32 magnitudes (batch, time, {BINS}), below 0 where a cell is missing",
        "output": f"float32 magnitudes (batch, time, {BINS}), known cells as given",
        "spectrogram": {"rate": RATE, "n_fft": N_FFT, "hop": HOP},
        "data": {
            **data,
            **source,
            "pieces": {split: list(one) for split, one in pieces.items()},
            "minutes": {
                split: round(sum(map(len, one.values())) * HOP / RATE / 60, 1)
                for split, one in pieces.items()
            },
        },
    }
    layers = [_words(layer, model.bidirectional) for layer in model.recurrent]
    return card_of(name, title, model, layers, about, **fields)


def _words(layer, bidirectional):
    return f"{type(layer).__name__}({layer.units})" + bidirectional * ", both ways"
