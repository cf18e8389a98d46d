"""Errors of restored cells by available bins, length of the gap and source, beside the means.

The figure is a mean over the available bins of the relative error RE = |S^ - S|_F / |S|_F of all
missing cells. With RE(i) that of a gap in an excerpt, the loss is

    RE(i)² / RE,   weighted by the gap's |S|_F²: the mean is RE

so that of a source is above that of another one if its gaps are restored worse.
"""

import numpy as np

from rnnzoo.audio.evaluation import (
    AVAILABLE,
    BASELINES,
    GAPS,
    named_excerpts,
    of_model,
    restored,
)
from rnnzoo.datasets.common.splits import EVALUATED
from rnnzoo.evaluation_rows import coded, merged_rows

BESIDE = {"means": "means of the bins"}  # of `BASELINES`, those that take no time
LEAST = 1e-12  # of the squared norm of all missing cells: the weight of a silent gap


def rows(model, music):
    """Yields the rows of `rnnzoo.pipelines.core.family.Family.evaluation_rows`.

    The lengths of gaps are those of whole excerpts; in shorter music gaps are shorter.

    Args:
        model: `SpectrogramImputer`.
        music: `rnnzoo.pipelines.families.audio.music.Music`.
    """
    fills = {"": of_model(model), **{BESIDE[name]: BASELINES[name] for name in BESIDE}}
    for split in EVALUATED:
        excerpts = named_excerpts(music.pieces[split], split)
        names = [name for name, _ in excerpts for _ in GAPS]
        lengths = [f"{seconds:g} s" for seconds in GAPS]
        for available in AVAILABLE:
            losses = {}
            for name, fill in fills.items():
                parts = [_squares(fill, excerpt, available) for _, excerpt in excerpts]
                losses[name], weights = _losses(*np.concatenate(parts, axis=1))
            slices = {
                "available bins": ([str(available)], np.zeros(len(names), int)),
                "gap": (lengths, np.tile(np.arange(len(GAPS)), len(excerpts))),
                "source": coded(names),
            }
            own = losses.pop("")
            yield from merged_rows(split, slices, own, weights, losses)


def _squares(fill, excerpt, available):
    """array (2, gaps): the squared norms of the error and of the truth of the cells of each gap."""
    mask, filled = restored(fill, excerpt, available)
    # Each gap is in the middle of a part of the excerpt.
    gap = np.arange(mask.shape[1]) * len(GAPS) // mask.shape[1]
    cells = [np.square(values) * mask for values in (filled - excerpt, excerpt)]
    return [np.bincount(gap, of_kind.sum(axis=0), len(GAPS)) for of_kind in cells]


def _losses(errors, truth):
    """Losses and weights (gaps,), whose weighted mean is the relative error of all gaps."""
    whole = np.sqrt(errors.sum() / truth.sum())
    weights = np.maximum(truth, LEAST * truth.sum()) / truth.sum()
    return errors / truth.sum() / weights / (whole or 1), weights
