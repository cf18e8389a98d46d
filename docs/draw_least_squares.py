"""Draws the figure of least-squares.md from docs/experiments: figures 5.1 to 5.3 of [TH].

    python docs/draw_least_squares.py

It needs `rnnzoo[plot]`.
"""

from pathlib import Path

import numpy as np

from rnnzoo.figure import new_figure, save_png
from rnnzoo.pipelines.experiments.harness.results import load_results
from rnnzoo.pipelines.experiments.studies.ls_teacher_student import EXPERIMENT, SCALES

DOCS = Path(__file__).parent
# From an arm to its label and colour.
STYLES = {
    "bptt 10": ("10 epochs", "#E69F00"),
    "init 7": ("7 iterations", "#CC79A7"),
    "init 7 bptt 10": ("7 iterations, then 10 epochs", "#009E73"),
    "bptt 17": ("17 epochs", "#D55E00"),
    "init 10": ("10 iterations", "#56B4E9"),
}
SHOWN = 60  # test steps in the picture


def draw(panel, cells, arm, expected):
    """Draws one output of the teacher and of a student, and the error between them."""
    name, colour = STYLES[arm]
    predicted = cells[arm]["said"][:SHOWN]
    error = np.sqrt(np.mean(np.square(np.subtract(predicted, expected))))
    panel.plot(expected, color="black", lw=1, label="teacher")
    panel.plot(predicted, color=colour, lw=1.2, label="student")
    panel.fill_between(range(SHOWN), expected, predicted, color=colour, alpha=0.4)
    panel.set_title(f"{name}: root mean squared error {error:.3f}", size="medium", loc="left")
    panel.grid(alpha=0.3)


def main():
    """Draws the picture: a row per student, a column per scale of the teacher's weights."""
    raw = load_results(EXPERIMENT, DOCS / "experiments", quick=False).raw
    figure = new_figure(13, 10)
    axes = figure.subplots(len(STYLES), len(SCALES), sharex=True, sharey="col", squeeze=False)
    for column, scale in zip(axes.T, SCALES, strict=True):
        cells = {arm: raw[f"{scale} {arm}"][0] for arm in STYLES}
        expected = cells["bptt 17"]["expected"][:SHOWN]
        for panel, arm in zip(column, STYLES, strict=True):
            draw(panel, cells, arm, expected)
        column[-1].set_xlabel(f"time step of the test data, teacher of scale {scale}")
    for panel in axes[:, 0]:
        panel.set_ylabel("output")
    axes[0, 0].legend(fontsize="small", ncols=2, loc="lower right")
    save_png(figure, DOCS / "images" / f"{EXPERIMENT.name}.png")


if __name__ == "__main__":
    main()
