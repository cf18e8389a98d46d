"""Spectrograms before and after imputation, and of the truth, as a PNG."""

import numpy as np

from rnnzoo.audio.spectrogram_stream import SpectrogramStream
from rnnzoo.datasets.audio.spectrogram_grid import columns_of
from rnnzoo.datasets.common.atomic_write import writable
from rnnzoo.figure import new_figure, save_png

CONTEXT = 0.5  # seconds shown before the first gap and after the last, at least
MAX_COLUMNS = 1500  # more are thinned out
MAX_GAPS = 100  # gaps whose ends are marked
DYNAMIC_RANGE = 80  # decibels from black to white
PALETTE = 96  # colours of a spectrogram that is saved small


class RestorationPlot:
    """The spectrograms around the gaps of audio that arrives in blocks; the channels' mean.

    Args:
        missing: `Missing`.
        rate: int, samples per second.
        titles: collection of str, the name of each signal, from top to bottom.
    """

    def __init__(self, missing, rate, titles=("before", "after")):
        first, last = missing.spans[0][0], missing.spans[-1][1]
        context = max(int(CONTEXT * rate), last - first)
        self._start, self._stop = max(first - context, 0), min(last + context, missing.length)
        self._step = -(-columns_of(self._stop - self._start) // MAX_COLUMNS)
        self._missing, self._rate, self._end = missing, rate, 0
        self._streams = {title: SpectrogramStream() for title in titles}
        self._columns = {title: [] for title in titles}

    def add(self, *signals):
        """Adds the next samples of each signal, float arrays (channels, n)."""
        begin, self._end = self._end, self._end + signals[0].shape[1]
        part = slice(max(self._start - begin, 0), max(self._stop - begin, 0))
        for title, samples in zip(self._streams, signals, strict=True):
            if samples[:, part].size:
                self._keep(title, self._streams[title].push(samples[:, part].mean(axis=0)[None]))

    def _keep(self, title, spectrum):
        end = self._streams[title].columns
        offset = (spectrum.shape[-1] - end) % self._step
        self._columns[title].append(np.abs(spectrum[0, :, offset :: self._step]))

    def save(self, path):
        """Writes the plot to a .png; a file of that name is replaced.

        Raises:
            InputError: see `rnnzoo.figure.checked_png`, or the file cannot be written.
        """
        path = writable(path, ".png")
        for title, stream in self._streams.items():
            self._keep(title, stream.finish())
        signals = {t: np.concatenate(parts, axis=1) for t, parts in self._columns.items()}
        top = max(magnitudes.max() for magnitudes in signals.values())
        seconds = self._start / self._rate, self._stop / self._rate
        figure = new_figure(9, 0.5 + 2.5 * len(signals))
        panels = figure.subplots(len(signals), 1, sharex=True)
        for panel, (title, magnitudes) in zip(panels, signals.items(), strict=True):
            image = draw_spectrogram(panel, magnitudes, seconds, self._rate, top, title)
            for span in self._missing.spans[:MAX_GAPS]:
                for end in span:
                    panel.axvline(end / self._rate, color="white", linewidth=0.6, linestyle=":")
            panel.set_ylabel("kHz")
        panels[-1].set_xlabel("seconds")
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
