"""Bar charts of figures by slice, a panel per dimension."""

from rnnzoo.fan_panel import LINE, SHADES, TRUTH
from rnnzoo.figure import new_figure
from rnnzoo.slice_figures import heaviest

LONGEST = 40  # characters of a label
WIDTH, BAR, MARGIN = 7.5, 0.26, 1.0  # inches
MARKERS = "osD^v"  # of baselines


def slice_charts(figures, dimensions=None):
    """A panel per dimension: a bar per value, points of the baselines, and a line for all data.

    Args:
        figures: `rnnzoo.slice_figures.SliceFigures`.
        dimensions: list of str; None for all.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        InputError: Matplotlib is not installed.
    """
    rows = figures.dimensions
    parts = {name: heaviest(rows[name]) for name in dimensions or rows}
    heights = [MARGIN + BAR * len(of_part) for of_part in parts.values()]
    figure = new_figure(WIDTH, sum(heights) + 0.6)
    figure.suptitle(figures.title, parse_math=False, fontsize="medium")
    panels = figure.subplots(len(parts), 1, squeeze=False, height_ratios=heights).ravel()
    for panel, (dimension, of_part) in zip(panels, parts.items(), strict=True):
        left_out = len(rows[dimension]) - len(of_part)
        _draw(panel, figures, of_part)
        note = f" (without {left_out} of low weight)" if left_out else ""
        panel.set_title(dimension + note, parse_math=False, fontsize="medium", loc="left")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, fontsize="small")
    return figure


def _draw(panel, figures, rows):
    positions = range(len(rows))
    panel.barh(positions, [row["figure"] for row in rows], color=SHADES[1], label=figures.model)
    panel.axvline(figures.whole["figure"], color=LINE, linewidth=1, label="of all data")
    for number, name in enumerate(figures.baselines):
        evaluated = [(row[name], position) for position, row in enumerate(rows) if name in row]
        marker = MARKERS[number % len(MARKERS)]
        x, y = zip(*evaluated, strict=True) if evaluated else ((), ())
        panel.plot(x, y, marker, color=TRUTH, markersize=4, label=name)
    panel.set_yticks(positions)
    panel.set_yticklabels(
        [_short(row["value"]) for row in rows], fontsize="small", parse_math=False
    )
    panel.invert_yaxis()
    panel.set_xlim(left=0)
    panel.tick_params("x", labelsize="small")
    panel.grid(alpha=0.3, axis="x")


def _short(label):
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"
