"""The probabilities of classes over the time of a video, below a row of its frames, as a PNG."""

import numpy as np

from rnnzoo.datasets.common.atomic_write import writable
from rnnzoo.datasets.video.reader import LIMITS
from rnnzoo.datasets.video.thumbnails import shape_of, thumbnails
from rnnzoo.figure import new_figure, save_png

# Colours that can be told apart without red and green (Okabe and Ito).
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
GREY = "#c4c4c4"

WIDTH, PANEL = 9.0, 2.6  # inches, of the figure and of the height of the curves
LEFT, BOTTOM, TOP, GAP = 0.7, 0.55, 0.35, 0.08  # inches around the panels
FRAME = 0.85, 1.3  # inches: the height of a frame that is aimed at, and the most
LETTER, LINE = 0.085, 0.17  # inches of a label's letters and lines
LONGEST = 24  # letters of a label
PIXELS = 220  # height of a frame


def draw_over_time(path, video, over_time, title, limits=LIMITS):
    """Writes the plot.

    Classes that are the most probable at some time have a colour and a label at the right, six of
    them at most; the others are grey.

    Args:
        path: str or path that ends in .png, see `rnnzoo.figure.checked_png`.
        video: str, path or bytes, that was classified.
        over_time: `rnnzoo.sequences.over_time.ClassesOverTime` of it.
        title: str.
        limits: `rnnzoo.datasets.video.reader.Limits`.

    Raises:
        InputError: the video cannot be read, Matplotlib is not installed, or the file cannot be
            written.
    """
    path, shown = writable(path, ".png"), named_classes(over_time.probabilities)
    labels = [_shortened(over_time.classes[index]) for index in shown]
    right = 0.3 + LETTER * max(map(len, labels))
    width = WIDTH - LEFT - right
    rows, columns = shape_of(video, limits)
    count = int(np.clip(width / (FRAME[0] * columns / rows), 1, 16))
    frame_height = min(width / count * rows / columns, FRAME[1])
    times, frames = thumbnails(video, count, PIXELS, limits)
    height = BOTTOM + PANEL + GAP + frame_height + TOP
    figure = new_figure(WIDTH, height)
    figure.set_layout_engine("none")

    def panel(bottom, tall):
        return figure.add_axes(
            [LEFT / WIDTH, bottom / height, width / WIDTH, tall / height], xlim=(0, end)
        )

    end = max(over_time.seconds, over_time.times[-1] + 1e-3)
    curves = panel(BOTTOM, PANEL)
    _draw_curves(curves, over_time, shown, end)
    _draw_labels(curves, over_time.probabilities[-1, shown], labels, width)
    row = panel(BOTTOM + PANEL + GAP, frame_height)
    _draw_frames(row, times, frames, end, (width, frame_height))
    row.set_title(title, loc="left", fontsize=10)
    save_png(figure, path)


def named_classes(probabilities):
    """The classes that are the most probable at some time, those for longest first.

    Args:
        probabilities: float array (n, classes).

    Returns:
        list of int, at most as many as there are colours.
    """
    counts = np.bincount(probabilities.argmax(axis=1), minlength=probabilities.shape[1])
    order = np.argsort(-counts, kind="stable")
    return [int(index) for index in order[: len(COLOURS)] if counts[index]]


def _shortened(label):
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"


def _draw_curves(panel, over_time, shown, end):
    """Draws each prediction up to the next, and the segments as backgrounds."""
    times = [*over_time.times, end]
    values = np.concatenate([over_time.probabilities, over_time.probabilities[-1:]])
    for index in set(range(values.shape[1])) - set(shown):
        panel.step(times, values[:, index], where="post", color=GREY, linewidth=0.8)
    for index, colour in reversed(list(zip(shown, COLOURS, strict=False))):
        panel.step(times, values[:, index], where="post", color=colour, linewidth=1.8)
        for part in over_time.segments():
            if part.label == over_time.classes[index]:
                panel.axvspan(part.start, part.stop, color=colour, alpha=0.1, linewidth=0)
    panel.set(ylim=(-0.02, 1.02), xlabel="seconds", ylabel="probability")
    panel.spines[["top", "right"]].set_visible(False)
    panel.grid(alpha=0.25, axis="y")


def _draw_labels(panel, ends, labels, width):
    """Writes the labels at the right, each as near to the end of its curve as the others let."""
    order = np.argsort(ends, kind="stable")
    lines, apart = ends[order], LINE / PANEL * 1.04
    for index in range(1, len(lines)):
        lines[index] = max(lines[index], lines[index - 1] + apart)
    for index in reversed(range(len(lines))):
        above = lines[index + 1] - apart if index + 1 < len(lines) else 1.0
        lines[index] = min(lines[index], above)
    for index, line in zip(order, lines, strict=True):
        panel.annotate(
            labels[index],
            (1, ends[index]),
            (1 + 0.2 / width, line),
            xycoords=panel.get_yaxis_transform(),
            textcoords=panel.get_yaxis_transform(),
            color=COLOURS[index],
            fontsize=9,
            va="center",
            arrowprops={
                **{"arrowstyle": "-", "color": COLOURS[index], "linewidth": 0.8},
                **{"relpos": (0, 0.5), "shrinkA": 0, "shrinkB": 0},
            },
            annotation_clip=False,
        )


def _draw_frames(panel, times, frames, end, size):
    """Draws frames side by side in their proportions, each in the middle of its slot of time."""
    _, rows, columns, _ = frames.shape
    slot = end / len(frames)
    wide = min(slot, size[1] * columns / rows * end / size[0])
    for seconds, frame in zip(times, frames, strict=True):
        middle = seconds / max(times[-1] + times[0], 1e-9) * end
        extent = (middle - 0.49 * wide, middle + 0.49 * wide, 0, 1)
        panel.imshow(frame, extent=extent, aspect="auto", interpolation="bilinear")
    panel.set(xlim=(0, end), ylim=(0, 1))
    panel.axis("off")
