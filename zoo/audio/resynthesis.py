"""Samples of a gap from the magnitudes of its spectrogram; known samples stay as they are."""

import numpy as np

from rnnzoo.audio.spectrogram import analyse, synthesise
from rnnzoo.baselines.autoregression import extrapolated
from rnnzoo.datasets.audio.spectrogram_grid import HOP, N_FFT, columns_that_see

# More iterations bring the spectrogram nearer to the magnitudes and, where these are estimates,
# the samples farther from the true ones.
ITERATIONS = 30

ORDER = 1024  # of the AR model that extrapolates a side into the gap
CONTEXT = 4096  # samples of a side that it is estimated from
FADE = 64  # samples of the cross-fade from a side's extrapolation


def known(samples, missing):
    """Samples with zeros in gaps without known bins, whose samples must not matter.

    Args:
        samples: float array (channels, n).
        missing: `Missing`.
    """
    whole = missing.cells is None and not missing.available
    return np.where(missing.samples(), 0, samples) if whole else samples


def restored(samples, missing, fill, progress=None, spans=None):
    """Fills the spectrogram of each channel, and resynthesises the gaps from it.

    Args:
        samples: float array (channels, n).
        missing: `Missing`.
        fill: function (magnitudes (bins, columns), mask) -> magnitudes.
        progress: function from an iterable to an iterable of the same items; or None.
        spans: see `resynthesise`.

    Returns:
        float64 array (channels, n), see `resynthesise`.
    """
    channels, mask, filled = known(samples, missing), missing.mask(), []
    for channel in progress(channels) if progress else channels:
        magnitudes = fill(np.abs(analyse(channel)), mask)
        filled.append(resynthesise(channel[None], missing, magnitudes[None], spans=spans)[0])
    return np.stack(filled)


def resynthesise(
    samples, missing, magnitudes, n_fft=N_FFT, hop=HOP, iterations=ITERATIONS, spans=None
):
    """Fills missing samples from magnitudes.

    The phase is initialised by extrapolating both sides into the gap with an AR model each, and
    cross-fading them. Then, as Griffin and Lim (1984) but with everything known fixed,

        C = analyse(x);   C = M C / |C| in missing cells, unchanged in the others
        x = synthesise(C) in missing samples, unchanged in the others

    In the gap's first and last samples the result is cross-faded with the extrapolations, so that
    there is no click. Where single cells are missing, the windows do so.

    Args:
        samples: float array (channels, n); inside a gap only its known cells are used.
        missing: `Missing`.
        magnitudes: float array (channels, bins, columns); only missing cells are read.
        n_fft, hop: int, the grid, see `analyse`.
        iterations: int.
        spans: those of `missing.spans` that are filled, which follow each other; None for all.

    Returns:
        float64 array (channels, n), bit by bit equal to `samples` outside `spans`.
    """
    mask, restored = missing.mask(n_fft, hop), np.array(samples, "float64")
    inside = missing.samples()
    for group in _groups(missing.spans if spans is None else spans, n_fft):
        first, end = columns_that_see(group[0][0], group[-1][1], n_fft, hop)
        low = max(first - n_fft // hop, 0)
        high = min(end + n_fft // hop, mask.shape[1])
        part = slice(low * hop, min(high * hop, missing.length))
        for channel, known_samples in enumerate(np.asarray(samples, "float64")):
            ends = _extrapolate(restored[channel], group, missing)
            piece = _iterated(
                known_samples[part],
                restored[channel, part],
                inside[part],
                mask[:, low:high],
                magnitudes[channel][:, low:high],
                (n_fft, hop, iterations),
            )
            if missing.cells is None:
                for start, left, right in ends:
                    _cross_fade(piece, start - part.start, left, right)
            restored[channel, part] = piece
    return restored


def _groups(spans, n_fft):
    """Spans that are covered by the same columns, or nearly so."""
    groups = []
    for span in spans:
        if groups and span[0] - groups[-1][-1][1] < 4 * n_fft:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _extrapolate(channel, spans, missing):
    """Fills spans of one channel with the cross-faded extrapolations of both sides.

    Returns:
        list of (start, left, right): the extrapolations into each span, arrays (n,); None where the
        audio has no such side.
    """
    ends = []
    starts = [start for start, _ in missing.spans]
    for start, stop in spans:
        limit = min([later for later in starts if later >= stop] or [missing.length])
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
        ends.append((start, left, right))
    return ends


def _iterated(known_samples, first, missing, mask, magnitudes, grid):
    """One channel's samples after Griffin and Lim's iterations."""
    n_fft, hop, iterations = grid
    fixed, target, samples = analyse(known_samples, n_fft, hop), magnitudes, first
    columns = fixed.shape[1]
    if columns > mask.shape[1]:  # columns after the last, of a part of the piece only
        edge = [(0, 0), (0, columns - mask.shape[1])]
        mask, target = np.pad(mask, edge), np.pad(magnitudes, edge)
    for _ in range(iterations + 1):
        spectrum = analyse(samples, n_fft, hop)
        size = np.abs(spectrum)
        phase = np.where(size > 0, spectrum / np.where(size > 0, size, 1), 1)
        spectrum = np.where(mask, target * phase, fixed)
        filled = synthesise(spectrum, len(known_samples), n_fft, hop)
        samples = np.where(missing, filled, known_samples)
    return samples


def _cross_fade(piece, start, left, right):
    """Cross-fades the first and last samples of a span with the extrapolations."""
    both = left is not None and right is not None
    length = len(right if left is None else left)
    count = min(FADE, length // 2 if both else length)
    share = np.cos(np.pi / 2 * (np.arange(count) + 0.5) / max(count, 1)) ** 2
    if left is not None:
        head = slice(start, start + count)
        piece[head] += share * (left[:count] - piece[head])
    if right is not None:
        tail = slice(start + length - count, start + length)
        piece[tail] += share[::-1] * (right[length - count :] - piece[tail])
