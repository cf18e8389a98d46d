"""The curves of experiments/nem-actions as figure 9 of [NB] has them: a panel a place of the noise.

    python docs/draw_nem_grids.py

It needs `rnnzoo[docs]`.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from rnnzoo.pipelines.experiments import nem_actions
from rnnzoo.pipelines.experiments.findings import find
from rnnzoo.pipelines.experiments.noise_grid import ARCHITECTURES, MODES, PLACES

DOCS = Path(__file__).parent
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


def draw(raw, curve):
    """A figure: a row a kind of network, a column a place."""
    figure = Figure(figsize=(11, 6.4), layout="constrained", dpi=110)
    panels = figure.subplots(len(ARCHITECTURES), len(PLACES), sharex=True, sharey="row")
    for row, case in zip(panels, ARCHITECTURES, strict=True):
        for panel, place in zip(row, PLACES, strict=True):
            draw_place(panel, raw, case, place, curve)
            panel.set_title(
                f"{case.upper()}, noise in {place.replace('both', 'outputs and gates')}"
            )
        row[0].set_ylabel("test cross entropy, nats")
    for panel in panels[-1]:
        panel.set_xlabel("epoch")
    panels[0, 0].legend(fontsize="small")
    return figure


if __name__ == "__main__":
    experiment = nem_actions.EXPERIMENT
    raw = find(experiment, DOCS / "experiments", quick=False).raw
    draw(raw, experiment.curve).savefig(DOCS / "images/nem-actions.png")
