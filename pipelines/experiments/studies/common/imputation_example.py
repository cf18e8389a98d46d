"""A picture of what methods of imputation make of one piece, as figure 8.1 of [TH]."""

import numpy as np

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.music.pieces import load_piece
from rnnzoo.pipelines.experiments.harness.figure import blank_figure
from rnnzoo.pipelines.experiments.studies.common.music_imputation import (
    central_gap,
    imputed_magnitudes,
    settings_of,
)

PIECE, AVAILABLE = "brahms", 4
# Those of the source, and two that go past it.
METHODS = {
    "svd": "SVD",
    "plca": "EM, fitted on the intact part",
    "fit-rnn": "RNN",
    "fit": "LSTM",
    "wiener": "Wiener interpolation",
    "music-bilstm": "music-bilstm",
}
WORDS = (
    "A Hungarian dance of Brahms, the quarter in its middle missing but for the lowest 4 bins: "
    "the truth, what is given, and what six methods make of it"
)


def draw(path):
    """Restores the piece by each method, with the first seed, and draws the spectrograms as PNG.

    Args:
        path: Path of the file.

    Returns:
        bool, whether there is a picture; False if matplotlib is not installed.
    """
    rows = (2 + len(METHODS)) // 2
    figure = blank_figure((9, 2.25 * rows), 90)
    if figure is None:
        return False
    from rnnzoo.audio.pictures import draw_spectrogram, small_png
    from rnnzoo.audio.scores import relative_error
    from rnnzoo.audio.spectrogram import analyse

    audio = load_piece(PIECE)
    samples, rate = audio.samples[0], audio.rate
    true, mask = np.abs(analyse(samples)), central_gap(len(samples), rate, AVAILABLE).mask()
    panels = {"the piece": true, "given": np.where(mask, 0, true)}
    for method, title in METHODS.items():
        made = imputed_magnitudes(settings_of(method), true, mask, 1)
        panels[f"{title}, error {relative_error(true, made):.3f}"] = made
    places = figure.subplots(rows, 2, sharex=True, sharey=True)
    for panel, (title, magnitudes) in zip(places.flat, panels.items(), strict=True):
        seconds = (0, len(samples) / rate)
        draw_spectrogram(panel, magnitudes, seconds, rate, true.max(), title)
    for panel in places[-1]:
        panel.set_xlabel("seconds")
    for panel in places[:, 0]:
        panel.set_ylabel("kHz")
    with atomic_file(path) as partial:
        partial.write_bytes(small_png(figure))
    return True
