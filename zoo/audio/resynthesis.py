"""Samples of a gap from the magnitudes of its spectrogram: what is known outside stays as it is."""

import numpy as np

from rnnzoo.audio.spectrogram import analyse, synthesise
from rnnzoo.baselines.autoregression import extrapolated
from rnnzoo.datasets.audio.spectrogram_grid import HOP, N_FFT, columns_that_see

# More make the spectrogram of the result more like the magnitudes, and, where those are estimates,
# the samples less like the true ones.
ITERATIONS = 30

ORDER = 1024  # of the model that goes on into the gap from a side
CONTEXT = 4096  # samples of a side that it is of
FADE = 64  # samples in which a side's own continuation gives way


def known(samples, missing):
    """Samples with zeros in gaps of which nothing is left: what stands there must not matter.

    Args:
        samples: float array (channels, n).
        missing: `Missing`.
    """
    whole = missing.cells is None and not missing.available
    return np.where(missing.samples(), 0, samples) if whole else samples


def restored(samples, missing, fill, progress=None):
    """Fills the spectrogram of each channel, and puts samples of its magnitudes in the gaps.

    Args:
        samples: float array (channels, n).
        missing: `Missing`.
        fill: function (magnitudes (bins, columns), mask) -> magnitudes.
        progress: callable that takes an iterable and goes through it; or None.

    Returns:
        float64 array (channels, n), see `resynthesise`.
    """
    given, mask, made = known(samples, missing), missing.mask(), []
    for channel in progress(given) if progress else given:
        magnitudes = fill(np.abs(analyse(channel)), mask)
        made.append(resynthesise(channel[None], missing, magnitudes[None])[0])
    return np.stack(made)


def resynthesise(samples, missing, magnitudes, n_fft=N_FFT, hop=HOP, iterations=ITERATIONS):
    """Puts samples of given magnitudes where some are missing.

    The phase is at first that of the samples of both sides going on into the gap (an AR model
    each), faded into each other. Then, as Griffin and Lim (1984) but with all that is known fixed,

        C = analyse(x);   C = M C / |C| in missing cells, as given in the others
        x = synthesise(C) in missing samples, as given in the others

    In the gap's first and last samples the result fades from the sides' continuation, so that
    there is no click. Where cells are missing and not gaps, windows fade.

    Args:
        samples: float array (channels, n). What is in a gap counts only in the cells known there.
        missing: `Missing`.
        magnitudes: float array (channels, bins, columns); only missing cells count.
        n_fft, hop: int, the grid, see `analyse`.
        iterations: int.

    Returns:
        float64 array (channels, n), bit by bit equal to `samples` outside `missing.spans`.
    """
    mask, restored = missing.mask(n_fft, hop), np.array(samples, "float64")
    for spans in _groups(missing.spans, n_fft):
        first, end = columns_that_see(spans[0][0], spans[-1][1], n_fft, hop)
        low = max(first - n_fft // hop, 0)
        high = min(end + n_fft // hop, mask.shape[1])
        places = slice(low * hop, min(high * hop, missing.length))
        for channel, given in enumerate(np.asarray(samples, "float64")):
            ends = _continue(restored[channel], spans, missing)
            piece = _iterated(
                given[places],
                restored[channel, places],
                missing.samples()[places],
                mask[:, low:high],
                magnitudes[channel][:, low:high],
                (n_fft, hop, iterations),
            )
            if missing.cells is None:
                for start, left, right in ends:
                    _fade(piece, start - places.start, left, right)
            restored[channel, places] = piece
    return restored


def _groups(spans, n_fft):
    """Spans that a column sees together, or nearly so."""
    groups = []
    for span in spans:
        if groups and span[0] - groups[-1][-1][1] < 4 * n_fft:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _continue(channel, spans, missing):
    """Fills spans of one channel with what both sides go on with.

    Returns:
        list of (start, left, right): what the sides of each span say, arrays (n,); None where the
        audio has no such side.
    """
    found = []
    starts = [start for start, _ in missing.spans]
    for start, stop in spans:
        limit = min([one for one in starts if one >= stop] or [missing.length])
        before = channel[max(start - CONTEXT, 0) : start]
        after = channel[stop : min(limit, stop + CONTEXT)][::-1]
        count = stop - start
        left = extrapolated(before, count, ORDER) if len(before) else None
        right = extrapolated(after, count, ORDER)[::-1] if len(after) else None
        if left is None or right is None:
            channel[start:stop] = right if left is None else left
        else:
            share = np.sin(np.pi / 2 * (np.arange(count) + 0.5) / count) ** 2
            channel[start:stop] = (1 - share) * left + share * right
        found.append((start, left, right))
    return found


def _iterated(given, first, missing, mask, magnitudes, grid):
    """One channel's samples after Griffin and Lim's iterations."""
    n_fft, hop, iterations = grid
    fixed, wanted, samples = analyse(given, n_fft, hop), magnitudes, first
    columns = fixed.shape[1]
    if columns > mask.shape[1]:  # those after the last one see a part of the piece only
        edge = [(0, 0), (0, columns - mask.shape[1])]
        mask, wanted = np.pad(mask, edge), np.pad(magnitudes, edge)
    for _ in range(iterations + 1):
        found = analyse(samples, n_fft, hop)
        size = np.abs(found)
        turned = np.where(size > 0, found / np.where(size > 0, size, 1), 1)
        spectrum = np.where(mask, wanted * turned, fixed)
        samples = np.where(missing, synthesise(spectrum, len(given), n_fft, hop), given)
    return samples


def _fade(piece, start, left, right):
    """Lets the first and last samples of a span go over from what the sides say."""
    both = left is not None and right is not None
    length = len(right if left is None else left)
    count = min(FADE, length // 2 if both else length)
    share = np.cos(np.pi / 2 * (np.arange(count) + 0.5) / max(count, 1)) ** 2
    if left is not None:
        at = slice(start, start + count)
        piece[at] += share * (left[:count] - piece[at])
    if right is not None:
        at = slice(start + length - count, start + length)
        piece[at] += share[::-1] * (right[length - count :] - piece[at])
