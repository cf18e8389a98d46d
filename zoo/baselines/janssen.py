"""Gap-wise Janssen: gaps of audio filled by an autoregressive model, in the time domain.

A. Janssen, R. Veldhuis, L. Vries, "Adaptive interpolation of discrete-time signals that can be
modeled as autoregressive processes" (1986); gap-wise, with Burg's estimator and 4,096 samples on
both sides: O. Mokry, P. Rajmic, "On the use of autoregressive methods for audio inpainting"
(arXiv:2403.04433). The two are alternated:

    a = argmin sum_n e[n]^2,   e[n] = sum_k a[k] x[n - k]      of all samples (Burg)
    x = argmin sum_n e[n]^2                                    of the missing samples

The first a is estimated from both sides without the gap, not from a gap of zeros: fewer iterations
are needed.
"""

import numpy as np
from scipy.linalg import LinAlgError, solveh_banded
from scipy.signal import lfilter, oaconvolve

from rnnzoo.baselines.autoregression import burg
from rnnzoo.blas_threads import one_blas_thread
from rnnzoo.datasets.common.errors import InputError

ORDER = 1024
CONTEXT = 4096  # samples on each side of a gap
ITERATIONS = 5
# White noise added to estimate a model, relative to the samples' root mean square; the next level
# where the equations cannot be solved. Music from lossy files has empty bands, and without noise
# the dynamic range of its model exceeds that of float64.
NOISE = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2)
LONGEST = 100_000  # samples of a gap: farther from both sides the result decays to silence
# Missing samples of gaps that are filled together, each of which takes 8 kB.
MOST = 2**15


def janssen(samples, spans, order=ORDER, context=CONTEXT, iterations=ITERATIONS):
    """Samples of one channel with the gaps filled.

    Args:
        samples: float array (n,); those inside the gaps are not read.
        spans: list of (start, stop) in samples, ascending and apart. Gaps with less than `context`
            between them are filled together.
        order: int, of the model; less where there is little context.
        context: int, samples on each side that the model is estimated from.
        iterations: int.

    Returns:
        float64 array (n,), equal to `samples` outside the gaps.

    Raises:
        InputError: a gap is longer than 100,000 samples.
    """
    check_short(spans)
    filled = np.array(samples, "float64")
    for start, stop in spans:
        filled[start:stop] = 0
    groups = _groups(spans, context)
    for group, later in zip(groups, [*groups[1:], []], strict=True):
        low = max(group[0][0] - context, 0)
        high = min(group[-1][1] + context, len(filled))
        # After a group that was ended since it is long: filled with it, and then once more.
        ahead = [span for span in later if span[0] < high]
        if ahead and ahead[-1][1] > high:
            high = ahead.pop()[0]
        missing = np.concatenate([np.arange(*span) for span in [*group, *ahead]]) - low
        piece = filled[low:high]
        if missing[0] < order <= len(piece) - 1 - missing[-1]:
            # A gap without a past is one without a future, backwards.
            piece, missing = piece[::-1], (len(piece) - 1 - missing)[::-1]
        with one_blas_thread():
            piece[missing] = _filled(piece, missing, order, iterations)
    return filled


def check_short(spans):
    """Raises `InputError` where a gap of [(start, stop)] is longer than 100,000 samples."""
    for start, stop in spans:
        if stop - start > LONGEST:
            raise InputError(
                f"a gap has {stop - start} samples: janssen is for gaps of up to {LONGEST}"
            )


def _groups(spans, context):
    groups, count = [], 0
    for span in spans:
        count += span[1] - span[0]
        if groups and span[0] - groups[-1][-1][1] < context and count <= MOST:
            groups[-1].append(span)
        else:
            groups.append([span])
            count = span[1] - span[0]
    return groups


def _filled(piece, missing, order, iterations):
    """The samples at the indices `missing`, the rest of `piece` being known."""
    order = min(order, (len(piece) - len(missing)) // 3)
    known = piece.copy()
    known[missing] = 0
    if order < 1 or not known.any():
        return known[missing]
    noise = np.random.default_rng(0).normal(size=len(known)) * np.std(known)
    for level in NOISE:
        try:
            return _alternated(known, missing, order, iterations, level * noise)
        except LinAlgError:
            continue
    return known[missing]


def _alternated(known, missing, order, iterations, noise):
    whole = known.copy()
    cuts = np.flatnonzero(np.diff(missing) > 1) + 1
    between = np.delete(known + noise, missing)
    starts = [gap[0] - i for gap, i in zip(np.split(missing, cuts), [0, *cuts], strict=True)]
    sides = [side for side in np.split(between, starts) if len(side) > order]
    for iteration in range(iterations):
        a = burg(sides, order) if iteration == 0 and sides else burg([whole + noise], order)
        # Prediction errors of the known samples; the first `order` of them have too short a past.
        errors = lfilter(a, [1.0], known)
        errors[:order] = 0
        right = oaconvolve(errors, a[::-1])[order:][missing]
        whole[missing] = solveh_banded(
            _gram(a, missing, len(known)), -right, overwrite_ab=True, overwrite_b=True, lower=True
        )
    return whole[missing]


def _gram(a, missing, length):
    """A' A of e = A x for the columns `missing`, in LAPACK's lower banded form.

    (A' A)[i, j] = sum_k a[k] a[k + j - i],   k from max(0, p - j) to min(p - (j - i), N - 1 - j)
    """
    order = len(a) - 1
    banded = np.zeros((order + 1, len(missing)))
    for step in range(min(order, len(missing) - 1) + 1):
        # The same step in rank can be several distances: of gaps with known samples between.
        i, j = missing[: len(missing) - step], missing[step:]
        distance = j - i
        for d in np.unique(distance[distance <= order]):
            columns = np.flatnonzero(distance == d)
            sums = np.concatenate([[0], np.cumsum(a[: order + 1 - d] * a[d:])])
            low = np.clip(order - j[columns], 0, order + 1 - d)
            high = np.clip(length - j[columns], low, order + 1 - d)
            banded[step, columns] = sums[high] - sums[low]
    return banded
