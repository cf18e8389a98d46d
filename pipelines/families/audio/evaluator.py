"""Judges an imputer and the baselines beside it, on the same excerpts with the same gaps."""

import numpy as np

from rnnzoo.audio.scores import relative_error
from rnnzoo.baselines.spectrogram_means import means
from rnnzoo.baselines.spectrogram_wiener import wiener
from rnnzoo.datasets.audio.gaps import Missing
from rnnzoo.datasets.audio.spectrogram_grid import HOP
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.music.mono import RATE

UNIT = "relative error of the missing cells"
SPLITS = ("validation", "test")
AVAILABLE = (0, 2, 4, 16)  # lowest bins that are left in the gaps
SECONDS, APART, MOST = 10, 60, 4  # of an excerpt, from one to the next, and of a piece at most
GAPS = (0.05, 0.25, 1.25)  # seconds, in each excerpt
LEAST = 32  # columns


def excerpts(pieces, split):
    """Excerpts of pieces: list of arrays (129, columns), each of a root mean square of 1.

    Args:
        pieces: dict from name to array (columns, 129), as `data_stages.read_pieces` gives it.
        split: str, what a message calls them.

    Raises:
        InputError: there is none that is long enough and not silent.
    """
    length, apart = SECONDS * RATE // HOP, APART * RATE // HOP
    found = []
    for columns in pieces.values():
        for start in range(0, len(columns), apart)[:MOST]:
            one = np.asarray(columns[start : start + length], "float64").T
            size = np.sqrt(np.mean(one**2))
            if one.shape[1] >= LEAST and size > 0:
                found.append(one / size)
    if not found:
        raise InputError(f"{split} has no {LEAST} columns that are not silent: give longer music")
    return found


def gaps(columns, available):
    """The missing cells of an excerpt: three gaps, shorter ones in a shorter excerpt.

    Returns:
        bool array (129, columns).
    """
    length = columns * HOP
    share = min(length / (SECONDS * RATE), 1)
    middles = (np.arange(len(GAPS)) + 0.5) / len(GAPS) * length
    half = [max(share * gap * RATE / 2, HOP) for gap in GAPS]
    spans = [
        (int(middle - one), int(middle + one)) for middle, one in zip(middles, half, strict=True)
    ]
    return Missing(length - 3 * HOP, tuple(spans), available).mask()


def errors(fill, excerpts):
    """Relative error of all missing cells together, by what is left, and the mean of these.

    Args:
        fill: function (magnitudes, mask) -> magnitudes, which sees zeros where cells are missing.
        excerpts: what `excerpts` gives.

    Returns:
        dict from available bins, as str, and `"mean"`, to float.
    """
    found = {}
    for available in AVAILABLE:
        true, made = [], []
        for one in excerpts:
            mask = gaps(one.shape[1], available)
            true.append(one[mask])
            made.append(np.asarray(fill(np.where(mask, 0, one), mask))[mask])
        found[str(available)] = relative_error(np.concatenate(true), np.concatenate(made))
    return {**found, "mean": float(np.mean(list(found.values())))}


def of_model(model, adapt=False):
    """A function as `errors` takes it."""
    return lambda magnitudes, mask: model.filled(magnitudes, mask, adapt=adapt)


BASELINES = {"means": means, "wiener": wiener}
