"""Draws the figure of echo-states.md: figures 3.1 to 3.7 of [TH].

    python docs/draw_echo_states.py

It needs `rnnzoo[plot]`.
"""

from pathlib import Path

import numpy as np

from rnnzoo.figure import new_figure, save_png
from rnnzoo.layers.echo_state.limit_cycles import one_unit_threshold
from rnnzoo.pipelines.experiments.studies.esn_limit_cycles import CERTIFIED, MENDED, NORM, biases

TARGET = Path(__file__).parent / "images/limit-cycles.png"
GRID = np.linspace(-1, 1, 400)
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
STEPS, PERIOD = 60, 5


def draw_map(axes, b, drives, title, start=None):
    """z = tanh(B h + P) beside z = h, and the path of an iteration over a period of drives."""
    axes.plot(GRID, GRID, color="gray", lw=1)
    for drive in drives:
        axes.plot(GRID, np.tanh(b * GRID + drive), color=BLUE)
    if start is not None:
        path, h = [(start, start)], start
        for t in range(12 * len(drives)):
            z = np.tanh(b * h + drives[t % len(drives)])
            path += [(h, z), (z, z)]
            h = z
        axes.plot(*zip(*path, strict=True), color=RED, lw=0.8)
    axes.set(title=title, xlabel="h", ylabel="tanh(B h + P)", xlim=(-1, 1), ylim=(-1.05, 1.05))


def draw_tangents(axes, b):
    """Figure 3.4: the two drives at which z = h touches the curve."""
    threshold = one_unit_threshold(b)
    for drive, colour in ((-threshold, ORANGE), (threshold, GREEN)):
        axes.plot(GRID, np.tanh(b * GRID + drive), color=colour, label=f"P = {drive:.2f}")
    axes.plot(GRID, GRID, color="gray", lw=1)
    axes.set(title="3.4: tangent at two drives", xlabel="h", ylabel="tanh(B h + P)")
    axes.legend(fontsize="small", loc="upper left")


def draw_planes(axes, row):
    """Figure 3.6: a unit of two inputs at the bound of (3.8), and the plane that touches it."""
    root = np.linalg.norm(row)
    k = -one_unit_threshold(root)
    x, y = np.meshgrid(np.linspace(-1, 1, 30), np.linspace(-1, 1, 30))
    total = row[0] * x + row[1] * y
    axes.plot_surface(x, y, np.tanh(total + k), color=BLUE, alpha=0.6)
    axes.plot_surface(x, y, np.clip(total / root, -1, 1), color=ORANGE, alpha=0.5)
    axes.set(title="3.6: a tangent plane", xlabel="$h_1$", ylabel="$h_2$", zlabel="next $h_1$")
    axes.set_box_aspect(None, zoom=0.85)


def draw_phase(axes, kind, seed, title):
    """Figure 3.7: two starts of a network of two units, |B| = 3.78, and where they lead."""
    rng = np.random.default_rng(seed)
    b = rng.normal(size=(2, 2))
    b *= NORM / np.linalg.norm(b, 2)
    drive = rng.uniform(-1, 1, size=(PERIOD, 1)) @ rng.normal(size=(1, 2))
    drive = drive + biases(kind, b, drive, rng)
    for i, start in enumerate(rng.uniform(-1, 1, size=(2, 2))):
        path = [start]
        for t in range(STEPS):
            path.append(np.tanh(b @ path[-1] + drive[t % PERIOD]))
        path = np.array(path)
        cycle = path[-PERIOD - 1 :]
        labels = (None,) * 3 if i else ("path", "cycle", "initial state")
        axes.plot(*path[: -PERIOD - 1].T, color=RED, lw=0.7, label=labels[0])
        axes.plot(*cycle.T, color=GREEN, lw=2, marker=".", label=labels[1])
        axes.plot(*start, "o", color=BLUE, label=labels[2])
    axes.legend(fontsize="small", loc="lower left")
    axes.set(title=title, xlabel="$h_1$", ylabel="$h_2$", xlim=(-1.1, 1.1), ylim=(-1.1, 1.1))


def main():
    """Draws all panels into one picture."""
    figure = new_figure(16, 9)
    grid = figure.add_gridspec(2, 4)
    panels = [figure.add_subplot(grid[0, column]) for column in range(4)]
    wave = np.sin(2 / 3 * np.pi * np.arange(3)) - 0.68
    draw_map(panels[0], 0.19, [-0.68], "3.1: B = 0.19, P = -0.68", start=0.9)
    draw_map(panels[1], 0.19, wave, "3.2: B = 0.19, a period of 3", start=0.9)
    draw_map(panels[2], NORM, [-0.68], "3.3: B = 3.78, P = -0.68")
    draw_tangents(panels[3], NORM)
    draw_map(figure.add_subplot(grid[1, 0]), NORM, [-2.97], "3.5: B = 3.78, P = -2.97", start=0.9)
    draw_planes(figure.add_subplot(grid[1, 1], projection="3d"), np.array([2.0, 1.5]))
    draw_phase(figure.add_subplot(grid[1, 2]), CERTIFIED, 3, "3.7: certified biases")
    draw_phase(figure.add_subplot(grid[1, 3]), MENDED, 5, "3.7: biases beyond (3.8)")
    save_png(figure, TARGET)


if __name__ == "__main__":
    main()
