"""The missing part of audio: gaps in seconds, or masked cells of its spectrogram."""

import dataclasses
import math
import os
from pathlib import Path

import numpy as np

from rnnzoo.datasets.audio.spectrogram_grid import (
    BINS,
    HOP,
    N_FFT,
    columns_of,
    columns_that_see,
    seen_by,
)
from rnnzoo.datasets.common.arguments import is_number
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.intervals import true_intervals
from rnnzoo.datasets.common.npy_file import read_npy
from rnnzoo.datasets.common.numbers import number_of
from rnnzoo.datasets.common.paths import check_file

GIVE = "give START:END in seconds, such as 3.2:4.1"

# Messages, of exported graphs too, which know samples instead of seconds.
AVAILABLE = f"available is {{available}}: give lowest bins from 0 to {BINS - 1}"
NO_GAP = "no gap: {give}"
OUTSIDE = "the gap {gap} is outside the audio: it lasts from 0 to {length:g} {unit}"
NO_SAMPLE = "the gap {gap} has no sample in it: give an end after the start"
TOO_LITTLE_LEFT = (
    "{missing:g} {unit} are missing and {intact:g} {unit} are intact: the intact part must be as "
    "long at least"
)


@dataclasses.dataclass(frozen=True)
class Missing:
    """The missing part of audio, in samples and in cells of its spectrogram.

    Attributes:
        length: int, samples per channel.
        spans: tuple of half-open intervals [start, stop), ascending and disjoint: the samples to
            replace.
        available: int, the number of lowest bins that are known inside the spans as well.
        cells: bool array (bins, columns), True where a cell is missing; None if gaps were given.
        notes: tuple of str, how the given gaps were changed.
    """

    length: int
    spans: tuple
    available: int = 0
    cells: np.ndarray | None = None
    notes: tuple = ()

    def samples(self, first=0, end=None):
        """The mask of the samples to replace, from `first` up to `end`: bool array (n,)."""
        end = self.length if end is None else end
        missing = np.zeros(end - first, bool)
        for start, stop in self.spans:
            missing[max(start - first, 0) : max(stop - first, 0)] = True
        return missing

    def mask(self, n_fft=N_FFT, hop=HOP, first=0, end=None):
        """Mask of the cells whose column covers a missing sample, in bins from `available` on.

        Args:
            n_fft, hop: int, the grid of the spectrogram.
            first, end: int, the columns, half-open; all of them by default.

        Returns:
            bool array (bins, columns), True where a cell is missing.

        Raises:
            InputError: the cells are of another grid.
        """
        columns = columns_of(self.length, n_fft, hop)
        end = columns if end is None else end
        if self.cells is not None:
            check_mask_shape(self.cells, (n_fft // 2 + 1, columns))
            return self.cells[:, first:end]
        mask = np.zeros((n_fft // 2 + 1, end - first), bool)
        for span in self.spans:
            start, stop = (max(column - first, 0) for column in columns_that_see(*span, n_fft, hop))
            mask[self.available :, start:stop] = True
        return mask

    def part(self, start, stop):
        """What is missing of samples [start, stop), start a multiple of 64: `Missing`."""
        spans = tuple(
            (max(low, start) - start, min(high, stop) - start)
            for low, high in self.spans
            if low < stop and start < high
        )
        cells, length = self.cells, stop - start
        if cells is not None:
            cells = cells[:, start // HOP : start // HOP + columns_of(length)]
        return Missing(length, spans, self.available, cells)


def parsed_gap(text):
    """(start, end) in seconds of `3.2:4.1`.

    Raises:
        InputError: it is not two numbers with a colon between them.
    """
    seconds = tuple(map(number_of, text.split(":")))
    if len(seconds) != 2 or None in seconds:
        raise InputError(f"the gap {shown(text)} is none: {GIVE}")
    return seconds


def missing_gaps(gaps, length, rate, available=0):
    """The missing part of audio with gaps.

    Gaps that overlap or touch are merged, with a note.

    Args:
        gaps: list of (start, end) in seconds, or of str, see `parsed_gap`.
        length: int, samples per channel.
        rate: int, samples per second.
        available: int, the number of lowest bins, of 129, that are known inside the gaps as well.

    Returns:
        `Missing`.

    Raises:
        InputError: there is no gap, a gap is malformed or outside the audio, the gaps are longer
            than the intact part, or `available` is not from 0 to 128.
    """
    if isinstance(available, bool) or available not in range(BINS):
        raise InputError(AVAILABLE.format(available=shown(available)))
    pairs = sorted(_checked_gap(gap, length, rate) for gap in gaps)
    if not pairs:
        raise InputError(NO_GAP.format(give=GIVE))
    spans, notes = [], []
    for (start, stop), gap in pairs:
        if spans and start <= spans[-1][1]:
            stop = max(stop, spans[-1][1])
            spans[-1] = (spans[-1][0], stop)
            seconds = f"{spans[-1][0] / rate:g}:{stop / rate:g}"
            notes.append(f"the gap {_said(gap)} overlaps or touches another: merged to {seconds}")
        else:
            spans.append((start, stop))
    check_enough(spans, length, rate)
    return Missing(length, tuple(spans), int(available), None, tuple(notes))


def missing_cells(mask, length, rate, n_fft=N_FFT, hop=HOP):
    """The missing part of audio with masked cells: all samples of a column with a missing cell.

    Args:
        mask: bool array (bins, columns), True where a cell is missing; or the path of an .npy file
            that holds it.
        length: int, samples per channel.
        rate: int, samples per second.
        n_fft, hop: int, the grid of the spectrogram, see `rnnzoo.datasets.audio.spectrogram_grid`.

    Returns:
        `Missing`.

    Raises:
        InputError: the file or array cannot be used or is of another grid, no cell is missing, or
            more than half of the columns are missing as a whole.
    """
    name = "the mask"
    if isinstance(mask, str | os.PathLike):
        name, mask = str(mask), _read_mask(Path(mask))
    mask = np.asarray(mask)
    if mask.dtype != bool:
        raise InputError(f"{name} is of type {mask.dtype}: give bool, True where a cell is missing")
    check_mask_shape(mask, (n_fft // 2 + 1, columns_of(length, n_fft, hop)), name)
    if not mask.any():
        raise InputError(f"{name} has no missing cell: give True where a cell is missing")
    whole = np.count_nonzero(mask.all(axis=0))
    if 2 * whole > mask.shape[1]:
        raise InputError(
            f"{name} leaves nothing of {whole} of {mask.shape[1]} columns: half must have a cell"
        )
    spans = []
    for first, end in true_intervals(mask.any(axis=0)):
        start, stop = seen_by(first, end, length, n_fft, hop)
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((start, stop))
    return Missing(length, tuple(spans), 0, mask.copy())


def check_mask_shape(mask, shape, name="the mask"):
    """Raises `InputError` where a mask is not of `shape` (bins, columns)."""
    if mask.shape != shape:
        raise InputError(f"{name} is of shape {mask.shape}: give {shape} (bins, columns)")


def check_enough(spans, length, rate):
    """Raises `InputError` where the spans are longer together than what they leave."""
    missing = sum(stop - start for start, stop in spans)
    if 2 * missing > length:
        intact = (length - missing) / rate
        raise InputError(TOO_LITTLE_LEFT.format(missing=missing / rate, intact=intact, unit="s"))


def _said(gap):
    return ":".join(f"{float(end):g}" for end in gap)


def _checked_gap(gap, length, rate):
    """((start, stop) in samples, the gap itself)."""
    if isinstance(gap, str):
        gap = parsed_gap(gap)
    pair = tuple(gap) if isinstance(gap, tuple | list | np.ndarray) else ()
    if len(pair) != 2 or not all(is_number(end) for end in pair):
        raise InputError(f"the gap {shown(gap)} is none: give (start, end) in seconds")
    start, stop = (math.floor(float(end) * rate + 0.5) for end in pair)
    if not 0 <= float(pair[0]) or stop > length:
        raise InputError(OUTSIDE.format(gap=_said(pair), length=length / rate, unit="s"))
    if stop <= start:
        raise InputError(NO_SAMPLE.format(gap=_said(pair)))
    return (start, stop), pair


def _read_mask(path):
    form = "an .npy file of bool (bins, columns)"
    check_file(path, f"give {form}")
    return read_npy(path, form)
