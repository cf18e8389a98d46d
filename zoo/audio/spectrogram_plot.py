"""Spectrograms before and after imputation, as a PNG."""

import numpy as np

from rnnzoo.audio.spectrogram import analyse
from rnnzoo.datasets.common.atomic_write import writable
from rnnzoo.figure import new_figure, save_png

CONTEXT = 0.5  # seconds shown before the first gap and after the last, at least
MAX_COLUMNS = 1500  # more are thinned out
MAX_GAPS = 100  # gaps whose ends are marked
DYNAMIC_RANGE = 80  # decibels from black to white
PALETTE = 96  # colours of a spectrogram that is saved small


def check_plot(path):
    """Returns `path` as a `Path` if a plot can be written there; to call before long work.

    Raises:
        InputError: it does not end in .png, its folder does not exist, or Matplotlib is not
            installed.
    """
    new_figure(1, 1)
    return writable(path, ".png")


def plot(path, before, after, missing, rate):
    """Plots the spectrogram around the gaps, before and after imputation.

    Args:
        path: str or path that ends in .png; a file of that name is replaced.
        before, after: float arrays (channels, n); the mean of the channels is shown.
        missing: `Missing`.
        rate: int, samples per second.

    Raises:
        InputError: see `check_plot`, or the file cannot be written.
    """
    path = writable(path, ".png")
    first, last = missing.spans[0][0], missing.spans[-1][1]
    context = max(int(CONTEXT * rate), last - first)
    start, stop = max(first - context, 0), min(last + context, missing.length)
    magnitudes = [
        np.abs(analyse(samples[:, start:stop].mean(axis=0))) for samples in (before, after)
    ]
    top = max(spectrogram.max() for spectrogram in magnitudes)
    figure = new_figure(9, 5.5)
    panels = figure.subplots(2, 1, sharex=True)
    for panel, spectrogram, title in zip(panels, magnitudes, ("before", "after"), strict=True):
        image = draw_spectrogram(panel, spectrogram, (start / rate, stop / rate), rate, top, title)
        for span in missing.spans[:MAX_GAPS]:
            for end in span:
                panel.axvline(end / rate, color="white", linewidth=0.6, linestyle=":")
        panel.set_ylabel("kHz")
    panels[1].set_xlabel("seconds")
    figure.colorbar(image, ax=panels, label="dB")
    save_png(figure, path)


def draw_spectrogram(panel, magnitudes, seconds, rate, top, title):
    """Draws magnitudes in decibels; `DYNAMIC_RANGE` below `top` is black.

    Args:
        panel: `matplotlib.axes.Axes`.
        magnitudes: float array (bins, columns).
        seconds: (start, end) of the columns.
        rate: int, samples per second.
        top: float, the magnitude of the lightest colour.
        title: str.

    Returns:
        `matplotlib.image.AxesImage`, for a colour bar.
    """
    step, lightest = -(-magnitudes.shape[1] // MAX_COLUMNS), 20 * np.log10(top + 1e-9)
    panel.set_title(title, loc="left", fontsize=9)
    return panel.imshow(
        20 * np.log10(magnitudes[:, ::step] + 1e-9),
        origin="lower",
        aspect="auto",
        cmap="magma",
        interpolation="nearest",
        extent=(*seconds, 0, rate / 2000),
        vmin=lightest - DYNAMIC_RANGE,
        vmax=lightest,
    )
