"""Spectrograms before and after, as a PNG."""

import io

import numpy as np

from rnnzoo.audio.spectrogram import analyse
from rnnzoo.datasets.common.atomic_write import atomic_file, writable
from rnnzoo.datasets.common.errors import InputError

EXTRA = "docs"
AROUND = 0.5  # seconds that are shown before the first gap and after the last, at least
MOST = 1500  # columns that are drawn
RANGE = 80  # decibels from black to white


def check_plot(path):
    """Returns `path` as a `Path`; asked for before long work.

    Raises:
        InputError: it does not end in .png, is in no folder, or matplotlib is not installed.
    """
    try:
        import matplotlib
    except ImportError:
        raise InputError(f"--plot needs matplotlib: pip install 'rnnzoo[{EXTRA}]'") from None
    del matplotlib
    return writable(path, ".png")


def plot(path, before, after, missing, rate):
    """Draws the spectrogram around what was missing, before and after.

    Args:
        path: str or path that ends in .png; a file of that name is replaced by the complete one.
        before, after: float arrays (channels, n); the mean of the channels is shown.
        missing: `Missing`.
        rate: int, samples a second.

    Raises:
        InputError: see `check_plot`, or the file cannot be written.
    """
    path = check_plot(path)
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    first, last = missing.spans[0][0], missing.spans[-1][1]
    around = max(int(AROUND * rate), last - first)
    start, stop = max(first - around, 0), min(last + around, missing.length)
    pictures = [np.abs(analyse(one[:, start:stop].mean(axis=0))) for one in (before, after)]
    top = max(picture.max() for picture in pictures)
    figure = Figure(figsize=(9, 5.5), layout="constrained", dpi=110)
    FigureCanvasAgg(figure)
    panels = figure.subplots(2, 1, sharex=True)
    for panel, picture, title in zip(panels, pictures, ("before", "after"), strict=True):
        image = draw_spectrogram(panel, picture, (start / rate, stop / rate), rate, top, title)
        for span in missing.spans[:100]:
            for end in span:
                panel.axvline(end / rate, color="white", linewidth=0.6, linestyle=":")
        panel.set_ylabel("kHz")
    panels[1].set_xlabel("seconds")
    figure.colorbar(image, ax=panels, label="dB")
    with atomic_file(path) as partial:
        figure.savefig(partial, format="png")


def draw_spectrogram(panel, magnitudes, seconds, rate, top, title):
    """Draws magnitudes on a panel of matplotlib, in decibels, 80 below `top` in black.

    Args:
        panel: `matplotlib.axes.Axes`.
        magnitudes: float array (bins, columns).
        seconds: (start, end) of what they are of.
        rate: int, samples a second.
        top: float, the magnitude that is drawn lightest.
        title: str.

    Returns:
        The image, for a colour bar.
    """
    every, lightest = -(-magnitudes.shape[1] // MOST), 20 * np.log10(top + 1e-9)
    panel.set_title(title, loc="left", fontsize=9)
    return panel.imshow(
        20 * np.log10(magnitudes[:, ::every] + 1e-9),
        origin="lower",
        aspect="auto",
        cmap="magma",
        interpolation="nearest",
        extent=(*seconds, 0, rate / 2000),
        vmin=lightest - RANGE,
        vmax=lightest,
    )


def small_png(figure, colours=96):
    """A figure of matplotlib as the bytes of a PNG of few colours: a third of the size."""
    from PIL import Image

    drawn, small = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png")
    few = Image.open(drawn).convert("RGB").quantize(colours)
    few.save(small, format="png", optimize=True)
    return small.getvalue()
