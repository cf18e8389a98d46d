"""Learning curves: a panel per control, with the arms that are compared with it."""

import numpy as np

from rnnzoo.figure import new_figure, save_png

# Colours that can be told apart without red and green (Okabe and Ito); a control is black.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
STYLES = ("-", "--", "-.", ":")

# A curve whose values span more than this factor is drawn on a logarithmic axis.
LOGARITHMIC = 20

# Characters beyond which two names do not fit side by side below a panel.
LONG_NAME = 30


def draw_curves(results, path):
    """Writes the picture of `results.experiment.curve` as PNG.

    Args:
        results: `ExperimentResults`.
        path: Path of the file.

    Raises:
        InputError: Matplotlib is not installed.
    """
    experiment = results.experiment
    groups = _arms_by_control(experiment.arms)
    names = [arm.name for arm in experiment.arms]
    columns = 2 if max(map(len, names)) <= LONG_NAME else 1
    rows = -(-max(map(len, groups.values())) // columns)
    figure = new_figure(max(6.0, 5.0 * len(groups)), 4.1 + 0.17 * rows)
    from matplotlib.ticker import MaxNLocator

    panels = figure.subplots(1, len(groups), sharey=True, squeeze=False)[0]
    means = []
    for panel, (control, arms) in zip(panels, groups.items(), strict=True):
        for index, arm in enumerate(arms):
            curves = _truncated(result[experiment.curve] for result in results.raw[arm.name])
            colour = "black" if arm.name == control else COLOURS[(index - 1) % len(COLOURS)]
            style = STYLES[(index - 1) // len(COLOURS) % len(STYLES)] if index else "-"
            means.append(_draw_line(panel, curves, arm.name, colour, style))
        panel.set_xlabel("epoch")
        panel.xaxis.set_major_locator(MaxNLocator(integer=True))
        panel.grid(alpha=0.3)
        # Below the panel: beside it the names would narrow it, in it they would hide curves.
        panel.legend(
            fontsize="small", loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=columns
        )
    panels[0].set_ylabel(experiment.curve)
    values = np.concatenate(means)
    values = values[np.isfinite(values)]
    if values.size and values.min() > 0 and values.max() / values.min() > LOGARITHMIC:
        panels[0].set_yscale("log")
    figure.suptitle(experiment.title + (" (quick: not a result)" if results.quick else ""))
    save_png(figure, path)


def _arms_by_control(arms):
    """{control: [control, arm, ...]}"""
    groups = {arm.name: [arm] for arm in arms if arm.control is None}
    for arm in arms:
        if arm.control is not None:
            groups[arm.control].append(arm)
    return groups


def _truncated(curves):
    """Array (seeds, epochs) of the curves, as long as the shortest."""
    curves = list(curves)
    length = min(map(len, curves))
    return np.array([curve[:length] for curve in curves], dtype=float)


def _draw_line(panel, curves, label, colour, style):
    """Draws mean and standard deviation over the seeds; returns the mean."""
    epochs = np.arange(1, curves.shape[1] + 1)
    mean = curves.mean(axis=0)  # NaN, a gap in the line, where a seed diverged
    panel.plot(epochs, mean, style, color=colour, label=label, linewidth=1.6)
    if len(curves) > 1:
        with np.errstate(invalid="ignore"):
            spread = curves.std(axis=0, ddof=1)
        panel.fill_between(epochs, mean - spread, mean + spread, color=colour, alpha=0.15, lw=0)
    if len(epochs) == 1:
        panel.plot(epochs, mean, "o", color=colour)
    return mean
