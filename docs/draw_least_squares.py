"""Draws the figure of least-squares.md from docs/experiments: figures 5.1 to 5.3 of [TH].

    python docs/draw_least_squares.py

It needs `rnnzoo[docs]`.
"""

from pathlib import Path

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
FIGURES = {
    "5.1": ("bptt 10", "init 7", "init 7 bptt 10"),
    "5.2": ("bptt 17", "init 7 bptt 10"),
    "5.3": ("bptt 17", "init 10"),
}


def draw(panel, raw, scale, number):
    """Draws one output of the teacher and of students, of the first seed, on test data."""
    panel.plot(raw[f"{scale} bptt 17"][0]["expected"], color="black", lw=1, label="teacher")
    for arm in FIGURES[number]:
        name, colour = STYLES[arm]
        panel.plot(raw[f"{scale} {arm}"][0]["said"], color=colour, lw=1, label=name)
    panel.set(title=f"as figure {number}, scale {scale}", ylim=(-1.05, 1.6))
    panel.grid(alpha=0.3)


def main():
    """Draws the picture."""
    raw = load_results(EXPERIMENT, DOCS / "experiments", quick=False).raw
    figure = new_figure(14, 7)
    for axes, scale in zip(figure.subplots(2, 3, sharex=True), SCALES, strict=True):
        for panel, number in zip(axes, FIGURES, strict=True):
            draw(panel, raw, scale, number)
            panel.set_xlabel("step")
            panel.legend(fontsize="small", ncols=2, loc="upper center")
    save_png(figure, DOCS / "images" / f"{EXPERIMENT.name}.png")


if __name__ == "__main__":
    main()
