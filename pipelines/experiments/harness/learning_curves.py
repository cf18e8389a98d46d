"""Curves by epoch: a panel for each control and the arms compared with it."""

import numpy as np

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.pipelines.experiments.harness.figure import blank_figure

# Colours that can be told apart without red and green (Okabe and Ito); a control is black.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
STYLES = ("-", "--", "-.", ":")

# A curve whose values span more than this factor is drawn on a logarithmic axis.
LOGARITHMIC = 20

# Characters beyond which two names do not stand side by side below a panel.
LONG_NAME = 30


def draw(findings, path):
    """Writes the picture of `findings.experiment.curve` as PNG.

    Args:
        findings: `Findings`.
        path: Path of the file.

    Returns:
        bool, whether there is a picture; False if matplotlib is not installed.
    """
    experiment = findings.experiment
    groups = _groups(experiment.arms)
    names = [arm.name for arm in experiment.arms]
    columns = 2 if max(map(len, names)) <= LONG_NAME else 1
    rows = -(-max(map(len, groups.values())) // columns)
    size = max(6.0, 5.0 * len(groups)), 4.1 + 0.17 * rows
    figure = blank_figure(size, 110)
    if figure is None:
        return False
    from matplotlib.ticker import MaxNLocator

    panels = figure.subplots(1, len(groups), sharey=True, squeeze=False)[0]
    values = []
    for panel, (control, arms) in zip(panels, groups.items(), strict=True):
        for place, arm in enumerate(arms):
            curves = _cut(result[experiment.curve] for result in findings.raw[arm.name])
            colour = "black" if arm.name == control else COLOURS[(place - 1) % len(COLOURS)]
            style = STYLES[(place - 1) // len(COLOURS) % len(STYLES)] if place else "-"
            values.append(_line(panel, curves, arm.name, colour, style))
        panel.set_xlabel("epoch")
        panel.xaxis.set_major_locator(MaxNLocator(integer=True))
        panel.grid(alpha=0.3)
        # Below the panel: beside it the names would take its room, in it they would hide curves.
        panel.legend(
            fontsize="small", loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=columns
        )
    panels[0].set_ylabel(experiment.curve)
    together = np.concatenate(values)
    together = together[np.isfinite(together)]
    if together.size and together.min() > 0 and together.max() / together.min() > LOGARITHMIC:
        panels[0].set_yscale("log")
    figure.suptitle(experiment.title + (" (quick: not a result)" if findings.quick else ""))
    with atomic_file(path) as partial:
        figure.savefig(partial, format="png")
    return True


def _groups(arms):
    """The arms by the control that they belong to, controls first."""
    groups = {arm.name: [arm] for arm in arms if arm.control is None}
    for arm in arms:
        if arm.control is not None:
            groups[arm.control].append(arm)
    return groups


def _cut(curves):
    """The curves of all seeds as one array, as long as the shortest."""
    curves = list(curves)
    length = min(map(len, curves))
    return np.array([curve[:length] for curve in curves], dtype=float)


def _line(panel, curves, label, colour, style):
    """Draws mean and spread; returns the mean."""
    epochs = np.arange(1, curves.shape[1] + 1)
    mean = curves.mean(axis=0)  # a gap where a seed diverged
    panel.plot(epochs, mean, style, color=colour, label=label, linewidth=1.6)
    if len(curves) > 1:
        with np.errstate(invalid="ignore"):
            spread = curves.std(axis=0, ddof=1)
        panel.fill_between(epochs, mean - spread, mean + spread, color=colour, alpha=0.15, lw=0)
    if len(epochs) == 1:
        panel.plot(epochs, mean, "o", color=colour)
    return mean
