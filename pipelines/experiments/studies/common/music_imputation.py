"""Imputation of pieces of music: data, methods and their settings."""

from rnnzoo.datasets.music.pieces import PIECES, load_piece

PRETRAINED = ("music-rnn", "music-lstm", "music-bilstm")  # and adapted to the piece
# Settings of a method beside its name.
FURTHER_SETTINGS = {
    "wiener": {"known": "all columns"},
    **{name: {"method": "pretrained", "model": name, "copies": 4} for name in PRETRAINED},
}
# Seconds of a piece that a quick run uses.
QUICK_SECONDS = 3


def load(phase):
    """Returns (None, dict from a piece's name to its `Audio`): each is its own training data."""
    return None, {name: load_piece(name) for name in PIECES}


def settings_of(method):
    """Returns the settings of a method, a dict."""
    return {"method": method, **FURTHER_SETTINGS.get(method, {})}


def central_gap(length, rate, available):
    """Returns the central quarter of a signal as `Missing`.

    Args:
        length: int, samples.
        rate: int, samples per second.
        available: int, lowest frequency bins that are known in the gap.
    """
    from rnnzoo.datasets.audio.gaps import missing_gaps

    start, stop = 3 * length // 8, 5 * length // 8
    return missing_gaps([(start / rate, stop / rate)], length, rate, available)


def imputed_magnitudes(settings, magnitudes, mask, seed):
    """Imputes a magnitude spectrogram by the method of the settings.

    Args:
        settings: dict, as `settings_of` returns it.
        magnitudes: float array (bins, columns).
        mask: bool array (bins, columns), True where a magnitude is missing; these are not read.
        seed: int.

    Returns:
        float array (bins, columns).
    """
    import numpy as np

    import rnnzoo
    from rnnzoo.audio.inpainting import filled

    model = rnnzoo.load(settings["model"]) if "model" in settings else None
    return filled(np.where(mask, 0, magnitudes), mask, settings["method"], seed, model)
