"""Draws the learning curves of the noise grids, after figures 9 to 14 of [NB].

    python docs/draw_nem_grids.py

It needs `rnnzoo[plot]`.
"""

from pathlib import Path

import numpy as np

from rnnzoo.figure import new_figure, save_png
from rnnzoo.pipelines.experiments.harness.results import load_results
from rnnzoo.pipelines.experiments.studies import (
    nem_actions,
    nem_actions_ucf11,
    nem_usdinr,
)
from rnnzoo.pipelines.experiments.studies.common.nem_noise_grid import (
    ARCHITECTURES,
    MODES,
    POSITIONS,
)

DOCS = Path(__file__).parent
# From a picture to (experiment, protocol, label of the axis, its scale).
PICTURES = {
    "nem-actions": (nem_actions.EXPERIMENT, "", "test cross entropy, nats", "linear"),
    "nem-ucf11": (nem_actions_ucf11.EXPERIMENT, "groups ", "test cross entropy, nats", "linear"),
    "nem-usdinr-paper": (nem_usdinr.EXPERIMENT, "paper ", "test squared error, rupees²", "log"),
    "nem-usdinr-sound": (nem_usdinr.EXPERIMENT, "sound ", "test squared error, rupees²", "linear"),
}
# Blue: NEM noise, orange: blind; dark: additive, light and dashed: multiplicative.
LINES = {
    ("additive", "nem"): ("#0072B2", "-"),
    ("multiplicative", "nem"): ("#56B4E9", "--"),
    ("additive", "blind"): ("#D55E00", "-"),
    ("multiplicative", "blind"): ("#E69F00", "--"),
}


def draw_panel(panel, raw, case, position, curve):
    """Draws no noise and the four kinds of noise at one position; means over the seeds."""
    arms = {f"{case} none": ("no noise", "black", "-")}
    for mode in MODES:
        for kind in ("nem", "blind"):
            name = f"{case} {mode} {position} {kind}"
            arms[name] = (f"{mode}, {kind.upper() if kind == 'nem' else kind}", *LINES[mode, kind])
    for name, (label, colour, style) in arms.items():
        curves = np.array([result[curve] for result in raw[name]])
        epochs = np.arange(1, curves.shape[1] + 1)
        panel.plot(epochs, curves.mean(axis=0), style, color=colour, label=label, lw=1.4)
    panel.grid(alpha=0.3)


def draw(raw, curve, protocol, label, scale):
    """Returns a figure: a row per architecture, a column per position of the noise.

    Args:
        raw: dict from arm to list of results.
        curve: str, the name of the raw result.
        protocol: str, the prefix of the arms.
        label, scale: str, of the y axis.
    """
    figure = new_figure(11, 6.4)
    panels = figure.subplots(len(ARCHITECTURES), len(POSITIONS), sharex=True, sharey="row")
    for row, case in zip(panels, ARCHITECTURES, strict=True):
        for panel, position in zip(row, POSITIONS, strict=True):
            draw_panel(panel, raw, protocol + case, position, curve)
            panel.set_yscale(scale)
            panel.set_title(
                f"{case.upper()}, noise in {position.replace('both', 'outputs and gates')}"
            )
        row[0].set_ylabel(label)
    for panel in panels[-1]:
        panel.set_xlabel("epoch")
    panels[0, 0].legend(fontsize="small")
    return figure


if __name__ == "__main__":
    for name, (experiment, *style) in PICTURES.items():
        raw = load_results(experiment, DOCS / "experiments", quick=False).raw
        save_png(draw(raw, experiment.curve, *style), DOCS / f"images/{name}.png")
