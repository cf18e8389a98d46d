"""Restores audio by any of the methods there are."""

import numpy as np

from rnnzoo.audio.resynthesis import CONTEXT, known, restored, resynthesise
from rnnzoo.audio.spectrogram import analyse
from rnnzoo.audio.windows import read_windows, windows
from rnnzoo.baselines.janssen import check_short, janssen
from rnnzoo.baselines.spectrograms import BASELINES
from rnnzoo.datasets.audio.gaps import missing_cells, missing_gaps
from rnnzoo.datasets.common.errors import InputError, shown

# Networks of [TH] chapter 8, fitted on the intact part of the audio itself.
FITTED = {"fit": "lstm", "fit-rnn": "rnn"}
PRETRAINED = "pretrained"
METHODS = ("janssen", *BASELINES, *FITTED, PRETRAINED)
# Samples of a gap up to which Janssen does best, or nearly: docs/experiments/imputation-gaps.
SHORT = 2205


def missing_part(gaps, mask, length, rate, available=0):
    """What is missing of audio, of gaps or of a mask.

    Args:
        gaps: list of (start, end) in seconds; or None.
        mask: bool array (129, columns), True where a cell is missing, or the path of an .npy file
            that holds it; or None.
        length: int, samples per channel.
        rate: int, samples per second.
        available: int, the lowest bins of 129 that are known inside the gaps as well.

    Returns:
        `Missing`.

    Raises:
        InputError: both or none are given, or they cannot be used.
    """
    if (gaps is None) == (mask is None):
        raise InputError("give gaps, or a mask")
    if mask is None:
        return missing_gaps(gaps, length, rate, available)
    if available:
        raise InputError(f"available={available} is for gaps: a mask says it itself")
    return missing_cells(mask, length, rate)


def best_method(missing):
    """The method that did best, or nearly, with what is missing: docs/music.md.

    Args:
        missing: `Missing`.
    """
    whole = missing.cells is None and not missing.available
    if whole and all(stop - start <= SHORT for start, stop in missing.spans):
        return "janssen"
    return "wiener"


def restore(samples, missing, method=None, progress=None, seed=1, model=None, adapt=True):
    """Samples with the missing ones filled, from those near them: see `rnnzoo.audio.windows`.

    Args:
        samples: float64 array (channels, n), see `rnnzoo.datasets.audio.samples.checked_samples`.
        missing: `Missing`.
        method: str, one of `METHODS`, or None for `best_method`: `janssen` works on samples and
            fills whole gaps, of up to 100,000 samples; the others impute magnitudes, for which
            phases are estimated.
        progress: as for `restored_windows`.
        seed: int, of a network's training.
        model: `SpectrogramImputer`, for `pretrained`.
        adapt: bool, whether a copy of the model is first trained on the intact part.

    Returns:
        float64 array (channels, n), bit by bit equal to `samples` outside `missing.spans`.

    Raises:
        InputError: there is no such method, a model is missing or not used, or what is missing is
            not for the method.
    """
    method = best_method(missing) if method is None else method
    result = np.array(samples, "float64")
    parts = restored_windows([samples], missing, method, progress, seed, model, adapt)
    for start, part in parts:
        result[:, start : start + part.shape[1]] = part
    return result


def restored_windows(blocks, missing, method, progress=None, seed=1, model=None, adapt=True):
    """Yields the gaps of audio as they are filled, in their order.

    Args:
        blocks: iterable of float64 arrays (channels, n), the audio in its order.
        missing: `Missing`.
        method: str, one of `METHODS`.
        progress: function (iterable, label str, unit str) to an iterable of the same items that
            reports them; or None. It is called for the channels of each window, and for the steps
            of the training of a model.
        seed, model, adapt: see `restore`.

    Yields:
        (int, the gap's first sample; float64 array (channels, n)).

    Raises:
        InputError: see `restore`.
    """
    fill = _restoring(method, missing, progress or _silent, seed, model, adapt)
    areas = windows(missing, method)
    for number, (area, samples) in enumerate(read_windows(blocks, areas), 1):
        label = f"part {number} of {len(areas)}" if len(areas) > 1 else "restoring"
        yield from area.filled(fill(samples, area, label))


def _silent(items, label, unit):
    return items


def _restoring(method, missing, progress, seed, model, adapt):
    """A method as a function (samples of a window, the `Window`, label) -> restored samples."""
    if method == "janssen":
        if missing.available or missing.cells is not None:
            raise InputError(
                "janssen fills whole gaps and does not use what is left in them: give one of "
                f"{', '.join(METHODS[1:])}"
            )
        check_short(missing.spans)

        def by_samples(samples, area, label):
            channels = progress(known(samples, area.missing), label, "channel")
            return np.stack([janssen(channel, area.missing.spans) for channel in channels])

        return by_samples
    if method == PRETRAINED and model is not None:

        def by_model(samples, area, label):
            channels, missing = known(samples, area.missing), area.missing
            magnitudes = np.abs(analyse(channels))
            options = {"adapt": adapt, "seed": seed, "progress": progress}
            magnitudes = model.filled(magnitudes, missing.mask(), **options)
            return resynthesise(channels, missing, magnitudes, spans=area.near(CONTEXT))

        return by_model
    fill = _filling(method, seed, model, adapt)

    def by_magnitudes(samples, area, label):
        def reported(channels):
            return progress(channels, label, "channel")

        return restored(samples, area.missing, fill, reported, area.near(CONTEXT))

    return by_magnitudes


def filled(magnitudes, mask, method, seed=1, model=None, adapt=True):
    """Magnitudes (bins, columns) with the missing cells filled.

    Args:
        magnitudes: float array (bins, columns).
        mask: bool array (bins, columns), True where a cell is missing.
        method: str, one of `METHODS` but `janssen`.
        seed, model, adapt: see `restore`.

    Raises:
        InputError: there is too little intact for it, or no such method.
    """
    return _filling(method, seed, model, adapt)(magnitudes, mask)


def _filling(method, seed, model, adapt):
    """A method as a function (magnitudes, mask) -> magnitudes."""
    if method not in METHODS:
        raise InputError(f"the method {shown(method)} is none: give one of {', '.join(METHODS)}")
    if (method == PRETRAINED) != (model is not None):
        raise InputError(
            f"a model is for the method {shown(PRETRAINED)}, which needs it: not {shown(method)}"
        )
    if method in BASELINES:
        return BASELINES[method]
    if method == PRETRAINED:
        return lambda magnitudes, mask: model.filled(magnitudes, mask, adapt=adapt, seed=seed)
    from rnnzoo.audio.next_column import next_column  # Keras takes seconds to import

    return lambda magnitudes, mask: next_column(magnitudes, mask, FITTED[method], seed)
