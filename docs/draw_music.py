"""Writes the figure and the sounds of music.md: a dance by Brahms with gaps, and imputed.

    python docs/draw_music.py

It needs `rnnzoo[audio,docs]` and the piece, which is in the public domain.
"""

from pathlib import Path

import numpy as np
import soundfile

import rnnzoo
from rnnzoo.audio.inpainting import restore
from rnnzoo.audio.scores import snr
from rnnzoo.audio.spectrogram import analyse, synthesise
from rnnzoo.audio.spectrogram_plot import PALETTE, draw_spectrogram
from rnnzoo.datasets.audio.gaps import missing_gaps
from rnnzoo.datasets.music.pieces import load_piece
from rnnzoo.figure import new_figure, save_png

DOCS = Path(__file__).parent
PIECE, START, SECONDS = "brahms", 2.0, 6.0
# A gap of 30 ms every third of a second, as of a scratched disc, and one of 0.4 s with the
# lowest 16 bins available.
DROPOUTS = [(start, start + 0.03) for start in np.arange(0.3, 5.8, 1 / 3).round(3)]
LONG = [(2.8, 3.2)]
MODEL = "music-bilstm"
CASES = {"janssen": (DROPOUTS, 0), "wiener": (LONG, 16), "pretrained": (LONG, 16)}


def low_part(samples, missing):
    """Returns samples with only the available bins in the gaps."""
    spectrum = np.where(missing.mask(), 0, analyse(samples))
    return np.where(missing.samples(), synthesise(spectrum, samples.shape[1]), samples)


def main():
    """Writes images/music.png and sounds/*.ogg."""
    audio = load_piece(PIECE)
    rate, first = audio.rate, int(START * audio.rate)
    true = audio.samples[:, first : first + int(SECONDS * rate)]
    signals, titles = {}, {}
    for method, (gaps, available) in CASES.items():
        missing = missing_gaps(gaps, true.shape[1], rate, available)
        name = "dropouts" if gaps is DROPOUTS else "long"
        signals[f"{name}-given"] = low_part(true, missing)
        model = rnnzoo.load(MODEL) if method == "pretrained" else None
        restored = restore(true, missing, method, model=model)
        signals[f"{name}-{method}"] = restored
        decibels = snr(true, restored, missing.samples())
        left = f", the lowest {available} bins left" if available else ""
        count = "a gap" if len(gaps) == 1 else f"{len(gaps)} gaps"
        titles[f"{name}-given"] = f"{count} of {gaps[0][1] - gaps[0][0]:.2g} s{left}"
        titles[f"{name}-{method}"] = f"restored by {method}, {decibels:.1f} dB in the gaps"
    signals = {"true": true, **signals}
    (DOCS / "sounds").mkdir(exist_ok=True)
    for name, samples in signals.items():
        soundfile.write(DOCS / f"sounds/{PIECE}-{name}.ogg", samples[0], rate)
    figure = new_figure(9, 10, dpi=90)
    top = np.abs(analyse(true[0])).max()
    panels = figure.subplots(len(signals), 1, sharex=True)
    for panel, (name, samples) in zip(panels, signals.items(), strict=True):
        title = titles.get(name, "a Hungarian dance of Brahms")
        magnitudes = np.abs(analyse(samples[0]))
        image = draw_spectrogram(panel, magnitudes, (0, SECONDS), rate, top, title)
        panel.set_ylabel("kHz")
    panels[-1].set_xlabel("seconds")
    figure.colorbar(image, ax=panels, label="dB", aspect=60)
    save_png(figure, DOCS / "images/music.png", PALETTE)


if __name__ == "__main__":
    main()
