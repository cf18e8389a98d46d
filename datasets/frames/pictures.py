"""Rollouts as pictures: sequences side by side as a GIF, or below one another as a PNG."""

import numpy as np

from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.atomic_write import atomic_file, writable
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.frames.picture_table import BACK, GAP, INK, enlarged, table, written

GIVEN, ROLLOUT = "given", "rollout"  # the parts of a sequence
PAGE = 900  # pixels of the frames in a line of a strip, at most
MILLISECONDS = 100  # per frame
LARGEST = 30_000  # pixels of frames on a side; a GIF can have twice as many


def animation(path, rows, labels=None, scale=None, given=None):
    """Writes a GIF of sequences side by side, ten frames per second, in an endless loop.

    Equal consecutive pages are stored as one page with the sum of their durations.

    Args:
        path: str or path that ends in .gif; a file of that name is replaced by the complete one.
        rows: list of arrays (steps, height, width) of equal shape, clipped to 0 (black) to 1
            (white).
        labels: list of str, a title above each, or None.
        scale: int, pixels of the picture per pixel of a frame; None for frames of about 150 pixels.
        given: int, frames before those of a rollout: a line above says which are shown, dark for
            the former and white for the latter. None for no such line.

    Raises:
        InputError: the path cannot be written, or an argument is out of its range.
    """
    path, rows = writable(path, ".gif"), checked_rows(rows, labels)
    scale = fitting(rows, 150) if scale is None else scale
    scale = checked_scale(scale, rows.shape[2], len(rows) * rows.shape[3])
    head = [[written(label) for label in labels]] if labels else []
    pages = [
        table([*head, list(enlarged(frames, scale))], _part(step, given))
        for step, frames in enumerate(rows.swapaxes(0, 1))
    ]
    save(path, pages, format="GIF", save_all=True, duration=MILLISECONDS, loop=0)


def _part(step, given):
    """The caption of a page of an animation."""
    if given is None:
        return None
    if step < given:
        return {0: written(f"{GIVEN} {step + 1}")}
    return {0: written(f"{ROLLOUT} +{step + 1 - given}", ink=0, back=INK)}


def strip(path, rows, every=1, labels=None, scale=None, given=None):
    """Writes a PNG: a row for each sequence, a column for each step with its number above.

    Columns that are wider than a page in all are below one another.

    Args:
        path: str or path that ends in .png; a file of that name is replaced by the complete one.
        rows: as in `animation`.
        every: int; of steps 1, 1 + every, 1 + 2 every ... the frames are shown.
        labels: list of str, a title before each row, or None.
        scale: int, pixels of the picture per pixel of a frame; None for frames of about 110 pixels.
        given: int, frames before those of a rollout: a white rule separates them, and the numbers
            of the latter begin at +1. None for neither.

    Raises:
        InputError: the path cannot be written, or an argument is out of its range.
    """
    path, rows = writable(path, ".png"), checked_rows(rows, labels)
    steps = np.arange(0, rows.shape[1], whole("every", every))
    rows = rows[:, steps]
    scale = fitting(rows, 110) if scale is None else scale
    scale = checked_scale(scale, len(rows) * rows.shape[2], len(steps) * rows.shape[3])
    cells = [list(enlarged(row, scale)) for row in rows]
    per_band = _per_band(len(steps), cells[0][0].shape[1])
    bands = [
        _band(steps[at : at + per_band], [row[at : at + per_band] for row in cells], labels, given)
        for at in range(0, len(steps), per_band)
    ]
    width = max(band.shape[1] for band in bands)
    padded = [
        np.pad(band, ((0, 0), (0, width - band.shape[1])), constant_values=BACK) for band in bands
    ]
    save(path, [np.concatenate(padded)], format="PNG")


def _per_band(columns, width):
    """Columns next to each other: as many in each band of a page."""
    bands = -(-columns // max(1, PAGE // (width + GAP)))
    return -(-columns // bands)


def _band(steps, cells, labels, given):
    """A table of some steps (counted from 0) of all rows."""
    numbers = steps + 1
    if given is None:
        texts, captions, ruled = [f"{number}" for number in numbers], None, None
    else:
        texts = [f"{n}" if n <= given else f"+{n - given}" for n in numbers]
        first = int(np.searchsorted(numbers, given, side="right"))  # column of the rollout
        shift = int(bool(labels))
        captions = {shift: written(GIVEN)} if first else {}
        if first < len(steps):
            captions[first + shift] = written(ROLLOUT)
        ruled = first + shift if 0 < first < len(steps) else None
    lines = [[written(text) for text in texts], *cells]
    if labels:
        lines = [[written(label), *line] for label, line in zip(["", *labels], lines, strict=True)]
    return table(lines, captions, ruled)


def checked_rows(rows, labels):
    """Returns float64 array (rows, steps, height, width), 0 to 1.

    Raises:
        InputError: rows are none, differ in shape or are not finite, or there are more or fewer
            labels.
    """
    rows = [np.asarray(row, "float64") for row in rows]
    shapes = [row.shape for row in rows]
    if len(set(shapes)) != 1 or len(shapes[0]) != 3 or 0 in shapes[0]:
        listed = ", ".join(map(str, shapes)) or "none"
        raise InputError(f"rows are of shape {listed}: give all the same (steps, height, width)")
    if labels and len(labels) != len(rows):
        raise InputError(f"{len(labels)} labels of {len(rows)} rows: give one for each")
    if not np.isfinite(rows).all():
        raise InputError("a row has values that are not finite: give frames of numbers from 0 to 1")
    return np.clip(rows, 0, 1)


def fitting(rows, pixels):
    """int, the scale at which frames of rows (rows, steps, height, width) have so many pixels."""
    return max(1, round(pixels / max(rows.shape[2:])))


def checked_scale(scale, height, width):
    """Returns `scale` as an int.

    Raises:
        InputError: it is below 1, or makes too large a picture of so many pixels of frames.
    """
    if whole("scale", scale) * max(height, width) > LARGEST:
        raise InputError(
            f"scale is {scale}: frames of {height} x {width} pixels in all would be more than "
            f"{LARGEST:,} on a side, give a smaller one or fewer steps"
        )
    return int(scale)


def save(path, pages, **how):
    """Writes the pages of a picture atomically.

    Args:
        path: `pathlib.Path`.
        pages: list of uint8 arrays (height, width).
        **how: arguments of `PIL.Image.Image.save`.

    Raises:
        InputError: the file cannot be written.
    """
    from PIL import Image

    first, *others = map(Image.fromarray, pages)
    if others:
        how["append_images"] = others
    with atomic_file(path) as partial:
        first.save(partial, **how)
