"""Draws the figures of svd.md from docs/experiments: figures 4.3 to 4.7, 4.9 and 4.10 of [TH].

    python docs/draw_svd.py

It needs `rnnzoo[plot]`, and trains the networks of figure 4.9 for about two minutes.
"""

from pathlib import Path

import keras
import numpy as np

from rnnzoo.datasets.sequence_tasks.teacher_student import taught, teacher
from rnnzoo.figure import new_figure, save_png
from rnnzoo.layers import jacobian_product_norms
from rnnzoo.pipelines.experiments.harness.cells import VALIDATION
from rnnzoo.pipelines.experiments.harness.results import load_results
from rnnzoo.pipelines.experiments.studies import (
    svd_long_teacher,
    svd_subsequence,
    svd_teacher_student,
)

DOCS = Path(__file__).parent
KINDS = svd_teacher_student.KINDS
COLOURS = {
    "teacher": "#0072B2",
    "rnn": "#D55E00",
    "ortho": "#56B4E9",
    "lstm": "#E69F00",
    "reg": "#CC79A7",
}
NAMES = {
    "rnn": "SimpleRNN",
    "ortho": "orthogonal start",
    "lstm": "LSTM",
    "reg": "SVDSimpleRNN",
}


def teacher_products(state, **drive):
    """Returns ln P(k) of the teacher itself, k = 1, 2, ..., on its own inputs."""
    weights = teacher(state, [svd_teacher_student.TEACHER, state], **drive)
    x, _ = taught(weights, svd_teacher_student.DEPTH, 0)
    memory = keras.layers.SimpleRNN(state, name="memory")
    model = keras.Sequential([keras.Input(x.shape), memory])
    a, b, bias = weights[:3]
    model.set_weights([a.T, b.T, bias])
    return jacobian_product_norms(model, x[None])["memory"][0]


def draw_products(axes, raw, **drive):
    """Draws figures 4.3 to 4.6, one panel per size."""
    for panel, state in zip(axes, svd_teacher_student.STATES, strict=True):
        panel.plot(teacher_products(state, **drive), color=COLOURS["teacher"], label="teacher")
        for kind in KINDS:
            logs = np.array([result["ln_product"] for result in raw[f"{state} {kind}"]])
            panel.plot(logs.T, color=COLOURS[kind], lw=0.6, alpha=0.4)
            panel.plot(np.mean(logs, axis=0), color=COLOURS[kind], lw=2, label=NAMES[kind])
        panel.axhline(np.log(svd_teacher_student.VANISHED), color="gray", lw=0.8, ls=":")
        panel.set(title=f"{state} units", xlabel="k", ylim=(-30, 5))
        panel.grid(alpha=0.3)
    axes[0].set_ylabel("ln P(k)")


def draw_errors(axes, raw):
    """Draws figure 4.7: test errors of all students, one panel per size."""
    highest = 0
    for panel, state in zip(axes, svd_teacher_student.STATES, strict=True):
        errors = [[result["mse"] for result in raw[f"{state} {kind}"]] for kind in KINDS]
        highest = max(highest, *map(max, errors))
        names = [NAMES[kind].replace(" ", "\n") for kind in KINDS]
        boxes = panel.boxplot(
            errors,
            tick_labels=names,
            whis=(0, 100),
            widths=0.6,
            patch_artist=True,
            medianprops={"color": "black"},
        )
        for box, kind in zip(boxes["boxes"], KINDS, strict=True):
            box.set_facecolor(COLOURS[kind])
        panel.tick_params("x", labelsize="small")
        panel.grid(alpha=0.3)
    axes[0].set(ylabel="test MSE", ylim=(0, 1.05 * highest))


def draw_precision(panel, raw):
    """Draws figure 4.10, [TH]'s values dashed."""
    spacings = [spacing for spacing, delay in svd_subsequence.CASES if not delay]
    for kind in svd_subsequence.KINDS:
        values = np.array(
            [[result["precision"] for result in raw[f"{s} {kind}"]] for s in spacings]
        )
        mean, spread = values.mean(axis=1), values.std(axis=1, ddof=1)
        panel.errorbar(spacings, mean, spread, color=COLOURS[kind], label=NAMES[kind], capsize=3)
        if kind in svd_subsequence.SOURCE:
            panel.plot(spacings, svd_subsequence.SOURCE[kind], "--", color=COLOURS[kind])
    panel.plot([], [], "--", color="gray", label="[TH] table 4.3")
    panel.set(xlabel="mean spacing", ylabel="test precision, %", ylim=(0, 103))
    panel.grid(alpha=0.3)


def draw_alarm(panel, settings, case):
    """Draws figure 4.9: predicted and expected alarms on validation data."""
    experiment = svd_subsequence.EXPERIMENT
    data, seed = experiment.load(VALIDATION), experiment.choice_seeds[0]
    for kind in svd_subsequence.KINDS:
        experiment.set_seed(seed)
        result = experiment.run(settings[f"{case} {kind}"], seed, *data, False)
        panel.plot(result["alarm"], color=COLOURS[kind], lw=1, label=NAMES[kind])
    steps = np.arange(len(result["expected"]))
    style = {"step": "mid", "color": "gray", "alpha": 0.3, "label": "expected alarm"}
    panel.fill_between(steps, result["expected"], **style)
    panel.set(xlabel="step", ylabel="probability of alarm", title=f"mean spacing {case}")


def add_legend(figure, *panels):
    """Draws the legend of all panels once, below them."""
    pairs = [
        pair for panel in panels for pair in zip(*panel.get_legend_handles_labels(), strict=True)
    ]
    handles = {label: handle for handle, label in pairs}
    figure.legend(handles.values(), handles, loc="outside lower center", ncols=len(handles))


def write(figure, name):
    """Writes a picture."""
    save_png(figure, DOCS / "images" / name)


def main():
    """Draws all pictures."""
    root = DOCS / "experiments"
    for module, drive in (
        (svd_teacher_student, {}),
        (svd_long_teacher, {"drive": svd_long_teacher.DRIVE}),
    ):
        raw = load_results(module.EXPERIMENT, root, quick=False).raw
        figure = new_figure(14, 7)
        axes = figure.subplots(2, 4, sharey="row")
        draw_products(axes[0], raw, **drive)
        draw_errors(axes[1], raw)
        add_legend(figure, axes[0, 0])
        write(figure, f"{module.EXPERIMENT.name}.png")

    results = load_results(svd_subsequence.EXPERIMENT, root, quick=False)
    figure = new_figure(13, 6)
    axes = figure.subplot_mosaic([["precision", "40"], ["precision", "40+20"]])
    draw_precision(axes["precision"], results.raw)
    for case in ("40", "40+20"):
        draw_alarm(axes[case], results.settings, case)
    add_legend(figure, axes["precision"], axes["40"])
    write(figure, "svd-subsequence.png")


if __name__ == "__main__":
    main()
