"""The curves of grids of noise as figures 9 and 10 to 14 of [NB] have them: a panel a place.

    python docs/draw_nem_grids.py

It needs `rnnzoo[docs]`.
"""

from pathlib import Path

import numpy as np

from rnnzoo.figure import new_figure
from rnnzoo.pipelines.experiments.harness.results import load_results
from rnnzoo.pipelines.experiments.studies import nem_actions, nem_usdinr
from rnnzoo.pipelines.experiments.studies.common.nem_noise_grid import (
    ARCHITECTURES,
    MODES,
    POSITIONS,
)

DOCS = Path(__file__).parent
# From a picture to (experiment, protocol, label of the axis, its scale).
PICTURES = {
    "nem-actions": (nem_actions.EXPERIMENT, "", "test cross entropy, nats", "linear"),
    "nem-usdinr-paper": (nem_usdinr.EXPERIMENT, "paper ", "test squared error, rupees²", "log"),
    "nem-usdinr-sound": (nem_usdinr.EXPERIMENT, "sound ", "test squared error, rupees²", "linear"),
}
# Blue: NEM noise, orange: blind; darker: added, lighter and dashed: multiplied.
LINES = {
    ("additive", "nem"): ("#0072B2", "-"),
    ("multiplicative", "nem"): ("#56B4E9", "--"),
    ("additive", "blind"): ("#D55E00", "-"),
    ("multiplicative", "blind"): ("#E69F00", "--"),
}


def draw_place(panel, raw, case, place, curve):
    """No noise and the four kinds of noise at one place; means over the seeds."""
    arms = {f"{case} none": ("no noise", "black", "-")}
    for mode in MODES:
        for kind in ("nem", "blind"):
            name = f"{case} {mode} {place} {kind}"
            arms[name] = (f"{mode}, {kind.upper() if kind == 'nem' else kind}", *LINES[mode, kind])
    for name, (label, colour, style) in arms.items():
        curves = np.array([result[curve] for result in raw[name]])
        epochs = np.arange(1, curves.shape[1] + 1)
        panel.plot(epochs, curves.mean(axis=0), style, color=colour, label=label, lw=1.4)
    panel.grid(alpha=0.3)


def draw(raw, curve, protocol, label, scale):
    """A figure: a row a kind of network, a column a place.

    Args:
        raw: dict from arm to list of results.
        curve: str, what of a result is drawn.
        protocol: str, what arms begin with.
        label, scale: str, of the upright axis.
    """
    figure = new_figure(11, 6.4)
    panels = figure.subplots(len(ARCHITECTURES), len(POSITIONS), sharex=True, sharey="row")
    for row, case in zip(panels, ARCHITECTURES, strict=True):
        for panel, place in zip(row, POSITIONS, strict=True):
            draw_place(panel, raw, protocol + case, place, curve)
            panel.set_yscale(scale)
            panel.set_title(
                f"{case.upper()}, noise in {place.replace('both', 'outputs and gates')}"
            )
        row[0].set_ylabel(label)
    for panel in panels[-1]:
        panel.set_xlabel("epoch")
    panels[0, 0].legend(fontsize="small")
    return figure


if __name__ == "__main__":
    for name, (experiment, *how) in PICTURES.items():
        raw = load_results(experiment, DOCS / "experiments", quick=False).raw
        draw(raw, experiment.curve, *how).savefig(DOCS / f"images/{name}.png")
