"""Restores audio by a method that needs no pretrained model."""

import numpy as np

from rnnzoo.audio.resynthesis import resynthesise
from rnnzoo.audio.spectrogram import analyse
from rnnzoo.baselines.janssen import janssen
from rnnzoo.baselines.spectrograms import BASELINES
from rnnzoo.datasets.errors import InputError

# Networks of [TH] chapter 8, fitted on what is intact of the audio itself.
FITTED = {"fit": "lstm", "fit-rnn": "rnn"}
METHODS = ("janssen", *BASELINES, *FITTED)
# Samples of a gap up to which Janssen restores it best: docs/experiments/imputation-gaps.
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


def restore(samples, missing, method=None, progress=None, seed=1):
    """Fills what is missing.

    Args:
        samples: float64 array (channels, n), see `datasets.audio_samples.checked_samples`.
        missing: `Missing`.
        method: str, one of `METHODS`, or None for `best_method`: `janssen` works on samples and
            fills whole gaps, of up to 100,000 samples; the others impute magnitudes, and the phase
            is found for them.
        progress: callable that takes an iterable and goes through it, such as tqdm; or None.
        seed: int, of a network's training.

    Returns:
        float64 array (channels, n), bit by bit equal to `samples` outside `missing.spans`.

    Raises:
        InputError: there is no such method, or what is missing is not for it.
    """
    method = best_method(missing) if method is None else method
    if method not in METHODS:
        raise InputError(f"the method {method!r} is none: give one of {', '.join(METHODS)}")
    if method == "janssen" and (missing.available or missing.cells is not None):
        raise InputError(
            "janssen fills whole gaps and does not use what is left in them: give one of "
            f"{', '.join(METHODS[1:])}"
        )
    # With gaps of zeros: what the file has there is not known, and must not matter.
    whole = missing.cells is None and not missing.available
    given = np.where(missing.samples(), 0, samples) if whole else samples
    mask, restored = missing.mask(), []
    for channel in progress(given) if progress else given:
        if method == "janssen":
            restored.append(janssen(channel, missing.spans))
            continue
        magnitudes = filled(np.abs(analyse(channel)), mask, method, seed)
        restored.append(resynthesise(channel[None], missing, magnitudes[None])[0])
    return np.stack(restored)


def filled(magnitudes, mask, method, seed=1):
    """Magnitudes (bins, columns) with the missing cells filled.

    Args:
        magnitudes: float array (bins, columns).
        mask: bool array alike, True where a cell is missing.
        method: str, one of `METHODS` but `janssen`.
        seed: int, of a network's training.

    Raises:
        InputError: there is too little intact for it.
    """
    if method in BASELINES:
        return BASELINES[method](magnitudes, mask)
    from rnnzoo.audio.next_column import next_column  # Keras takes seconds to import

    return next_column(magnitudes, mask, FITTED[method], seed)
