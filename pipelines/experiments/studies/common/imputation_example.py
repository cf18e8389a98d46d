"""A picture of one piece imputed by several methods, after figure 8.1 of [TH]."""

import numpy as np

from rnnzoo.datasets.music.pieces import load_piece
from rnnzoo.figure import new_figure, save_png
from rnnzoo.pipelines.experiments.studies.common.music_imputation import (
    central_gap,
    imputed_magnitudes,
    settings_of,
)

PIECE, AVAILABLE = "brahms", 4
# The source's methods, and two that go beyond it.
METHODS = {
    "svd": "SVD",
    "plca": "EM, fitted on the intact part",
    "fit-rnn": "RNN",
    "fit": "LSTM",
    "wiener": "Wiener interpolation",
    "music-bilstm": "music-bilstm",
}
CAPTION = (
    "A Hungarian dance by Brahms, its central quarter missing except for the lowest 4 bins: the "
    "original, the input, and the imputations by six methods"
)


def draw(path, piece=PIECE, methods=METHODS):
    """Imputes the piece by each method, with seed 1, and writes the spectrograms as PNG.

    Args:
        path: Path of the file.
        piece: str, name of the piece.
        methods: dict from method to its title.

    Returns:
        list of str, the titles of the panels.
    """
    from rnnzoo.audio.scores import relative_error
    from rnnzoo.audio.spectrogram import analyse
    from rnnzoo.audio.spectrogram_plot import PALETTE, draw_spectrogram

    rows = (2 + len(methods)) // 2
    figure = new_figure(9, 2.25 * rows, dpi=90)
    audio = load_piece(piece)
    samples, rate = audio.samples[0], audio.rate
    true, mask = np.abs(analyse(samples)), central_gap(len(samples), rate, AVAILABLE).mask()
    spectrograms = {"the piece": true, "given": np.where(mask, 0, true)}
    for method, title in methods.items():
        imputed = imputed_magnitudes(settings_of(method), true, mask, 1)
        spectrograms[f"{title}, error {relative_error(true, imputed):.3f}"] = imputed
    panels = figure.subplots(rows, 2, sharex=True, sharey=True)
    for panel, (title, magnitudes) in zip(panels.flat, spectrograms.items(), strict=True):
        seconds = (0, len(samples) / rate)
        draw_spectrogram(panel, magnitudes, seconds, rate, true.max(), title)
    for panel in panels[-1]:
        panel.set_xlabel("seconds")
    for panel in panels[:, 0]:
        panel.set_ylabel("kHz")
    save_png(figure, path, PALETTE)
    return list(spectrograms)
