"""Gap-wise Janssen: gaps of audio filled by an autoregressive model, in the time domain.

A. Janssen, R. Veldhuis, L. Vries, "Adaptive interpolation of discrete-time signals that can be
modeled as autoregressive processes" (1986); gap-wise, with Burg's estimator and 4,096 samples on
both sides: O. Mokry, P. Rajmic, "On the use of autoregressive methods for audio inpainting"
(arXiv:2403.04433). In turn, a few times:

    a = argmin sum_n e[n]^2,   e[n] = sum_k a[k] x[n - k]      of all samples (Burg)
    x = argmin sum_n e[n]^2                                    of the missing samples

The first a is of both sides without the gap, not of a gap of zeros: fewer turns are needed.
"""

import numpy as np
from scipy.linalg import LinAlgError, solveh_banded
from scipy.signal import lfilter, oaconvolve

from rnnzoo.baselines.autoregression import burg
from rnnzoo.datasets.common.errors import InputError

ORDER = 1024
CONTEXT = 4096  # samples on each side of a gap
ITERATIONS = 5
# White noise that a model is estimated with, to the samples' root mean square; the next where the
# equations cannot be solved. Music from lossy files has bands of nothing, and without noise its
# model answers for more decibels than float64 has.
NOISE = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2)
LONGEST = 100_000  # samples of a gap: what is farther from both sides is silence in the end


def janssen(samples, spans, order=ORDER, context=CONTEXT, iterations=ITERATIONS):
    """Fills gaps of one channel.

    Args:
        samples: float array (n,); what is in the gaps does not count.
        spans: list of (start, stop) in samples, ascending and apart. Gaps with less than `context`
            between them are filled together.
        order: int, of the model; less where there is little context.
        context: int, samples on each side that the model is of.
        iterations: int.

    Returns:
        float64 array (n,), equal to `samples` outside the gaps.

    Raises:
        InputError: a gap is longer than 100,000 samples.
    """
    filled = np.array(samples, "float64")
    for start, stop in spans:
        if stop - start > LONGEST:
            raise InputError(
                f"a gap has {stop - start} samples: janssen is for gaps of up to {LONGEST}"
            )
        filled[start:stop] = 0
    for group in _groups(spans, context):
        low = max(group[0][0] - context, 0)
        high = min(group[-1][1] + context, len(filled))
        places = np.concatenate([np.arange(start, stop) for start, stop in group]) - low
        piece = filled[low:high]
        if places[0] < order <= len(piece) - 1 - places[-1]:
            # A gap without a past is one without a future, backwards.
            piece, places = piece[::-1], (len(piece) - 1 - places)[::-1]
        piece[places] = _filled(piece, places, order, iterations)
    return filled


def _groups(spans, context):
    groups = []
    for span in spans:
        if groups and span[0] - groups[-1][-1][1] < context:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _filled(piece, places, order, iterations):
    """The samples at `places`, the rest of `piece` being known."""
    order = min(order, (len(piece) - len(places)) // 3)
    known = piece.copy()
    known[places] = 0
    if order < 1 or not known.any():
        return known[places]
    noise = np.random.default_rng(0).normal(size=len(known)) * np.std(known)
    for level in NOISE:
        try:
            return _alternated(known, places, order, iterations, level * noise)
        except LinAlgError:
            continue
    return known[places]


def _alternated(known, places, order, iterations, noise):
    whole = known.copy()
    cuts = np.flatnonzero(np.diff(places) > 1) + 1
    between = np.delete(known + noise, places)
    starts = [run[0] - i for run, i in zip(np.split(places, cuts), [0, *cuts], strict=True)]
    sides = [side for side in np.split(between, starts) if len(side) > order]
    for turn in range(iterations):
        a = burg(sides, order) if turn == 0 and sides else burg([whole + noise], order)
        # Errors of what is known; the first `order` samples have too short a past for one.
        errors = lfilter(a, [1.0], known)
        errors[:order] = 0
        right = oaconvolve(errors, a[::-1])[order:][places]
        whole[places] = solveh_banded(_gram(a, places, len(known)), -right, lower=True)
    return whole[places]


def _gram(a, places, length):
    """A' A of e = A x for the columns `places`, in LAPACK's lower banded form.

    (A' A)[i, j] = sum_k a[k] a[k + j - i],   k from max(0, p - j) to min(p - (j - i), N - 1 - j)
    """
    order = len(a) - 1
    banded = np.zeros((order + 1, len(places)))
    for step in range(min(order, len(places) - 1) + 1):
        # The same step in rank can be several distances: of gaps with known samples between.
        i, j = places[: len(places) - step], places[step:]
        distance = j - i
        for d in np.unique(distance[distance <= order]):
            here = np.flatnonzero(distance == d)
            sums = np.concatenate([[0], np.cumsum(a[: order + 1 - d] * a[d:])])
            low = np.clip(order - j[here], 0, order + 1 - d)
            high = np.clip(length - j[here], low, order + 1 - d)
            banded[step, here] = sums[high] - sums[low]
    return banded
