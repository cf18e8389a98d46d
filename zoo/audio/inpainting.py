"""Restores audio by any of the methods there are."""

import numpy as np

from rnnzoo.audio.resynthesis import known, restored
from rnnzoo.baselines.janssen import janssen
from rnnzoo.baselines.spectrograms import BASELINES
from rnnzoo.datasets.common.errors import InputError

# Networks of [TH] chapter 8, fitted on what is intact of the audio itself.
FITTED = {"fit": "lstm", "fit-rnn": "rnn"}
PRETRAINED = "pretrained"
METHODS = ("janssen", *BASELINES, *FITTED, PRETRAINED)
MODEL = "music-bilstm"  # the pretrained one, if no other is named
# Samples of a gap up to which Janssen does best, or nearly: docs/experiments/imputation-gaps.
SHORT = 2205


def best_method(missing):
    """The method that did best, or nearly, with what is missing: docs/music.md.

    Args:
        missing: `Missing`.
    """
    whole = missing.cells is None and not missing.available
    if whole and all(stop - start <= SHORT for start, stop in missing.spans):
        return "janssen"
    return "wiener"


def restore(samples, missing, method=None, progress=None, seed=1, model=MODEL):
    """Fills what is missing.

    Args:
        samples: float64 array (channels, n), see `datasets.audio_samples.checked_samples`.
        missing: `Missing`.
        method: str, one of `METHODS`, or None for `best_method`: `janssen` works on samples and
            fills whole gaps, of up to 100,000 samples; the others impute magnitudes, and the phase
            is found for them.
        progress: callable that takes an iterable and goes through it, such as tqdm; or None.
        seed: int, of a network's training.
        model: str, of the zoo, for `pretrained`: it first learns from what is intact.

    Returns:
        float64 array (channels, n), bit by bit equal to `samples` outside `missing.spans`.

    Raises:
        InputError: there is no such method or model, or what is missing is not for it.
    """
    method = best_method(missing) if method is None else method
    if method not in METHODS:
        raise InputError(f"the method {method!r} is none: give one of {', '.join(METHODS)}")
    if method == "janssen" and (missing.available or missing.cells is not None):
        raise InputError(
            "janssen fills whole gaps and does not use what is left in them: give one of "
            f"{', '.join(METHODS[1:])}"
        )
    if method != "janssen":
        return restored(samples, missing, _filling(method, seed, model), progress)
    given = known(samples, missing)
    return np.stack([janssen(one, missing.spans) for one in (progress or iter)(given)])


def filled(magnitudes, mask, method, seed=1, model=MODEL):
    """Magnitudes (bins, columns) with the missing cells filled.

    Args:
        magnitudes: float array (bins, columns).
        mask: bool array alike, True where a cell is missing.
        method: str, one of `METHODS` but `janssen`.
        seed, model: see `restore`.

    Raises:
        InputError: there is too little intact for it, or no such model.
    """
    return _filling(method, seed, model)(magnitudes, mask)


def _filling(method, seed, model):
    """A method as a function (magnitudes, mask) -> magnitudes."""
    if method in BASELINES:
        return BASELINES[method]
    if method == PRETRAINED:
        from rnnzoo.loading import load  # Keras takes seconds to import
        from rnnzoo.registry import card_for

        card_for(model, "SpectrogramImputer", "impute is for models of music")
        imputer = load(model)
        return lambda magnitudes, mask: imputer.filled(magnitudes, mask, seed=seed)
    from rnnzoo.audio.next_column import next_column

    return lambda magnitudes, mask: next_column(magnitudes, mask, FITTED[method], seed)
