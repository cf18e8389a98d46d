"""Paths on a drawn street graph, as a PNG: no tiles are needed."""

import numpy as np

from rnnzoo.figure import new_figure, save_png
from rnnzoo.streets.drawn_path import check_placed, placed_links, segments

STREETS = "#b8b8b8"
MARGIN = 0.06  # of the drawn part around its paths, a share of its size
APART = 1.6  # points between two paths along the same street


def map_figure(graph, panels, width=7.0):
    """A figure of maps side by side, all of the same part of the graph.

    Args:
        graph: `StreetGraph`; links without positions are left out.
        panels: list of (str, a title; list of `DrawnPath`).
        width: float, inches per panel.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        InputError: see `check_placed`, or Matplotlib is not installed.
    """
    every = [path for _, paths in panels for path in paths]
    check_placed(graph, every)
    links = [link for path in every for link in path.links]
    drawn = segments(graph, links or placed_links(graph)).reshape(-1, 2)
    low, high = drawn.min(axis=0), drawn.max(axis=0)
    narrow = np.cos(
        np.radians((low[0] + high[0]) / 2)
    )  # a degree of longitude in those of latitude
    size = max((high[0] - low[0]), (high[1] - low[1]) * narrow, 1e-4) * (1 + 2 * MARGIN) / 2
    middle = (low + high) / 2
    figure = new_figure(width * len(panels), width + 0.4)
    axes = figure.subplots(1, len(panels), squeeze=False)[0]
    for panel, (title, paths) in zip(axes, panels, strict=True):
        draw_map(panel, graph, paths)
        panel.set_title(title)
        panel.set_xlim(middle[1] - size / narrow, middle[1] + size / narrow)
        panel.set_ylim(middle[0] - size, middle[0] + size)
        panel.set_aspect(1 / narrow)
    return figure


def draw_map(panel, graph, paths):
    """Draws all streets in grey and paths in their colours; a dot is where a path begins.

    Args:
        panel: `matplotlib.axes.Axes`.
        graph: `StreetGraph`.
        paths: list of `DrawnPath`.
    """
    from matplotlib.collections import LineCollection
    from matplotlib.transforms import ScaledTranslation

    streets = segments(graph, placed_links(graph))[:, :, ::-1]
    panel.add_collection(LineCollection(streets, colors=STREETS, linewidths=0.8, zorder=1))
    for number, path in enumerate(paths):
        ends = segments(graph, path.links)
        line = np.concatenate([ends[:1, 0], ends[:, 1]])
        # Paths along the same street lie side by side.
        shift = (number - (len(paths) - 1) / 2) * APART / 72
        offset = ScaledTranslation(shift, -shift, panel.figure.dpi_scale_trans)
        place = panel.transData + offset
        panel.plot(
            line[:, 1], line[:, 0], color=path.colour, linewidth=2.2, transform=place,
            label=path.title, zorder=3, solid_capstyle="round",
        )  # fmt: skip
        panel.plot(line[0, 1], line[0, 0], "o", color=path.colour, transform=place, zorder=4)
    panel.set_xticks([])
    panel.set_yticks([])
    if paths:
        panel.legend(loc="best", fontsize="small")


def save_map(path, graph, panels):
    """Writes `map_figure` as a PNG.

    Raises:
        InputError: see `map_figure`, or the file cannot be written.
    """
    save_png(map_figure(graph, panels), path)
