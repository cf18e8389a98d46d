"""Evaluates imputers and the baselines beside them, on the same excerpts with the same gaps."""

import numpy as np

from rnnzoo.audio.scores import relative_error
from rnnzoo.baselines.spectrogram_means import means
from rnnzoo.baselines.spectrogram_wiener import wiener
from rnnzoo.datasets.audio.gaps import Missing
from rnnzoo.datasets.audio.spectrogram_grid import HOP
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import EVALUATED
from rnnzoo.datasets.music.mono import RATE
from rnnzoo.evaluation import Evaluation

AVAILABLE = (0, 2, 4, 16)  # lowest bins that are known inside the gaps
SECONDS, APART, MOST = 10, 60, 4  # of an excerpt, from one to the next, and per piece at most
GAPS = (0.05, 0.25, 1.25)  # seconds, in each excerpt
LEAST = 32  # columns

BASELINES = {"means": means, "wiener": wiener}


def evaluate(models, music, recipe):
    """Relative errors of models and baselines by the number of bins that are known in the gaps.

    Args:
        models: dict from seed (str) to `SpectrogramImputer`, the shipped one first.
        music: `rnnzoo.pipelines.families.audio.music.Music`.
        recipe: dict; None for a fine-tuned model, whose error after adaptation is left out.

    Returns:
        `Evaluation`: the shipped model has to be better than the means of the bins.
    """
    held_out = held_out_excerpts(music)

    def by_split(fill):
        return {split: errors(fill, excerpts) for split, excerpts in held_out.items()}

    baselines = {name: by_split(fill) for name, fill in BASELINES.items()}
    by_available = {seed: by_split(of_model(model)) for seed, model in models.items()}
    metrics = {"by_available": by_available}
    if recipe is not None:
        shipped = next(iter(models.values()))
        metrics["adapted"] = {"test": errors(of_model(shipped, adapt=True), held_out["test"])}
    limit = baselines["means"]["validation"]["mean"]
    return Evaluation(
        figures={seed: _means(rows) for seed, rows in by_available.items()},
        checks=[("the means of the bins", limit, limit)],
        baselines=baselines,
        metrics=metrics,
    )


def figure(model, music, split):
    """The mean relative error of a model on a held-out split, float."""
    return errors(of_model(model), excerpts(music.pieces[split], split))["mean"]


def _means(rows):
    return {split: row["mean"] for split, row in rows.items()}


def held_out_excerpts(music):
    """dict from each of `EVALUATED` to its `excerpts`."""
    return {split: excerpts(music.pieces[split], split) for split in EVALUATED}


def excerpts(pieces, split):
    """The arrays of `named_excerpts`, a list."""
    return [excerpt for _, excerpt in named_excerpts(pieces, split)]


def named_excerpts(pieces, split):
    """Excerpts of pieces: list of (name, array (129, columns) with a root mean square of 1).

    Args:
        pieces: dict from name to array (columns, 129).
        split: str, what a message calls them.

    Raises:
        InputError: there is none that is long enough and not silent.
    """
    length, apart = SECONDS * RATE // HOP, APART * RATE // HOP
    loud = []
    for name, columns in pieces.items():
        for start in range(0, len(columns), apart)[:MOST]:
            excerpt = np.asarray(columns[start : start + length], "float64").T
            loudness = np.sqrt(np.mean(excerpt**2))
            if excerpt.shape[1] >= LEAST and loudness > 0:
                loud.append((name, excerpt / loudness))
    if not loud:
        raise InputError(f"{split} has no {LEAST} columns that are not silent: give longer music")
    return loud


def gaps(columns, available):
    """The missing cells of an excerpt: three gaps, shorter ones in a shorter excerpt.

    Returns:
        bool array (129, columns).
    """
    length = columns * HOP
    share = min(length / (SECONDS * RATE), 1)
    middles = (np.arange(len(GAPS)) + 0.5) / len(GAPS) * length
    halves = [max(share * gap * RATE / 2, HOP) for gap in GAPS]
    spans = [
        (int(middle - half), int(middle + half))
        for middle, half in zip(middles, halves, strict=True)
    ]
    return Missing(length - 3 * HOP, tuple(spans), available).mask()


def errors(fill, excerpts):
    """Relative error of all missing cells together, by the bins that are known, and their mean.

    Args:
        fill: function (magnitudes, mask) -> magnitudes; missing cells of its input are 0.
        excerpts: list of arrays (129, columns).

    Returns:
        dict from available bins, as str, and `"mean"`, to float.
    """
    by_available = {}
    for available in AVAILABLE:
        true, estimated = [], []
        for excerpt in excerpts:
            mask, filled = restored(fill, excerpt, available)
            true.append(excerpt[mask])
            estimated.append(filled[mask])
        error = relative_error(np.concatenate(true), np.concatenate(estimated))
        by_available[str(available)] = error
    return {**by_available, "mean": float(np.mean(list(by_available.values())))}


def restored(fill, excerpt, available):
    """The missing cells of an excerpt, bool, and the excerpt with them filled: (129, columns).

    Args:
        fill: see `errors`.
        excerpt: array (129, columns).
        available: int, the lowest bins that are known in the gaps.
    """
    mask = gaps(excerpt.shape[1], available)
    return mask, np.asarray(fill(np.where(mask, 0, excerpt), mask))


def of_model(model, adapt=False):
    """A function as `errors` takes it."""
    return lambda magnitudes, mask: model.filled(magnitudes, mask, adapt=adapt)
