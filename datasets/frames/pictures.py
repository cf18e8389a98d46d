"""Rollouts as pictures: sequences side by side as a GIF, or below one another as a PNG."""

import numpy as np

from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.atomic_write import atomic_file, writable
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.frames.picture_table import enlarged, table, written

MILLISECONDS = 100  # per frame
LARGEST = 30_000  # pixels of frames on a side; a GIF can have twice as many


def animation(path, rows, labels=None, scale=8):
    """Writes a GIF of sequences side by side, ten frames per second, in an endless loop.

    Equal consecutive pages are stored as one page with the sum of their durations.

    Args:
        path: str or path that ends in .gif; a file of that name is replaced by the complete one.
        rows: list of arrays (steps, height, width) of equal shape, clipped to 0 (black) to 1
            (white).
        labels: list of str, a title above each, or None.
        scale: int, pixels of the picture per pixel of a frame.

    Raises:
        InputError: the path cannot be written, or an argument is out of its range.
    """
    path, rows = writable(path, ".gif"), checked_rows(rows, labels)
    scale = checked_scale(scale, rows.shape[2], len(rows) * rows.shape[3])
    head = [[written(label) for label in labels]] if labels else []
    pages = [table([*head, list(enlarged(frames, scale))]) for frames in rows.swapaxes(0, 1)]
    save(path, pages, format="GIF", save_all=True, duration=MILLISECONDS, loop=0)


def strip(path, rows, every=1, labels=None, scale=4):
    """Writes a PNG: a row for each sequence, a column for each step with its number above.

    Args:
        path: str or path that ends in .png; a file of that name is replaced by the complete one.
        rows: as in `animation`.
        every: int; of steps 1, 1 + every, 1 + 2 every ... the frames are shown.
        labels: list of str, a title before each row, or None.
        scale: int, pixels of the picture per pixel of a frame.

    Raises:
        InputError: the path cannot be written, or an argument is out of its range.
    """
    path, rows = writable(path, ".png"), checked_rows(rows, labels)
    steps = range(1, rows.shape[1] + 1, whole("every", every))
    rows = rows[:, :: steps.step]
    scale = checked_scale(scale, len(rows) * rows.shape[2], len(steps) * rows.shape[3])
    lines = [[written(str(step)) for step in steps], *(list(enlarged(row, scale)) for row in rows)]
    if labels:
        lines = [[written(label), *line] for label, line in zip(["", *labels], lines, strict=True)]
    save(path, [table(lines)], format="PNG")


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
