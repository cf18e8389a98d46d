"""Draws slices of figures 1, 4, 5 and 6 of [NB]: the noise in a target that the condition accepts.

    python docs/draw_nem_regions.py

[NB] is Adigun and Kosko, "Noise-boosted recurrent backpropagation". It needs `rnnzoo[plot]`.
"""

from pathlib import Path

import numpy as np

PICTURE = Path(__file__).parent / "images/nem-regions.png"
KEPT, OUTPUT = "#56B4E9", "#D55E00"
GRID = 301  # points per axis of a slice

# Figure, kind of target, mode, activation a, target y.
FIGURES = [
    ("1", "class", "additive", (0.6, 0.3, 0.1), (1.0, 0.0, 0.0)),
    ("4", "class", "multiplicative", (0.6, 0.3, 0.1), (1.0, 0.0, 0.0)),
    ("5", "value", "additive", (1.0, 2.0, 1.0), (2.0, 3.0, 2.0)),
    ("6", "value", "multiplicative", (1.0, 2.0, 1.0), (2.0, 3.0, 2.0)),
]
CONDITIONS = {
    ("class", "additive"): "$n \\cdot \\log a \\geq 0$",
    ("class", "multiplicative"): "$(n - 1) \\circ y \\cdot \\log a \\geq 0$",
    ("value", "additive"): "$|y + n - a|^2 \\leq |y - a|^2$",
    ("value", "multiplicative"): "$|y \\circ n - a|^2 \\leq |y - a|^2$",
}


def satisfies_condition(kind, mode, a, y, unit):
    """Returns a mask of the rows of unit noise that an `NEMModel` keeps."""
    from rnnzoo.layers import NEMCategoricalCrossentropy, NEMMeanSquaredError
    from rnnzoo.layers.nem.settings import NoiseSettings

    loss = {"class": NEMCategoricalCrossentropy, "value": NEMMeanSquaredError}[kind]()
    a, y = (np.tile(np.float32(vector), (len(unit), 1)) for vector in (a, y))
    settings = NoiseSettings("nem", 1.0, mode, 0, "gaussian")
    noisy = loss.noisy_targets(y, a, unit.astype("float32"), 1.0, settings)
    return np.any(np.asarray(noisy) != y, axis=1)


def draw_slice(axes, kind, mode, a, y, centre, third):
    """Draws the accepted noise in the plane of a third entry of the noise.

    Args:
        axes: Matplotlib axes.
        kind, mode, a, y: see `FIGURES`; arrays (3,).
        centre: float, an entry of the noise that leaves the target as it is.
        third: float, the third entry of the noise.
    """
    line = np.linspace(-3, 3, GRID)
    first, second = np.meshgrid(line, line)
    unit = np.stack([first, second, np.full_like(first, third - centre)], axis=-1)
    mask = satisfies_condition(kind, mode, a, y, unit.reshape(-1, 3)).reshape(GRID, GRID)
    n = centre + line
    axes.contourf(n, n, mask, levels=[0.5, 1.5], colors=[KEPT])
    for radius in (1, 2):
        angle = np.linspace(0, 2 * np.pi, 100)
        circle = centre + radius * np.cos(angle), centre + radius * np.sin(angle)
        axes.plot(*circle, color="gray", lw=0.8, ls=":")
    if third == centre:
        axes.plot(centre, centre, "k*", ms=10)
    to_output = a - y if mode == "additive" else np.divide(a, y, out=np.zeros(3), where=y != 0)
    if kind == "value" and third == to_output[2]:
        axes.plot(*to_output[:2], "D", color=OUTPUT)
    axes.set(xlabel="$n_1$", ylabel="$n_2$", aspect="equal")
    axes.set_title(f"$n_3$ = {third:g}", size="medium")


def draw():
    """Draws all figures into one image: a column per figure, a row per slice."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    from rnnzoo.figure import new_figure, save_png

    figure = new_figure(14, 8)
    panels = figure.subplots(2, 4)
    for column, (number, kind, mode, a, y) in zip(panels.T, FIGURES, strict=True):
        a, y, centre = np.array(a), np.array(y), float(mode == "multiplicative")
        second = centre - 1 if kind == "class" else (a - y if mode == "additive" else a / y)[2]
        for axes, third in zip(column, (centre, float(second)), strict=True):
            draw_slice(axes, kind, mode, a, y, centre, third)
        sample = np.random.default_rng(0).normal(size=(100_000, 3))
        share = satisfies_condition(kind, mode, a, y, sample).mean()
        title = f"figure {number}: {kind} target, {mode}\n{CONDITIONS[kind, mode]}: {share:.0%}\n"
        column[0].set_title(f"{title}$n_3$ = {centre:g}", size="medium")
    handles = {
        "accepted noise, its share of all draws in the title": Patch(color=KEPT),
        "one and two standard deviations": Line2D([], [], color="gray", ls=":"),
        "no noise: the target y": Line2D([], [], color="black", marker="*", ms=10, ls=""),
        "y becomes the output a": Line2D([], [], color=OUTPUT, marker="D", ls=""),
    }
    figure.legend(handles.values(), handles, loc="outside lower center", ncols=4)
    PICTURE.parent.mkdir(exist_ok=True)
    save_png(figure, PICTURE)


if __name__ == "__main__":
    draw()
