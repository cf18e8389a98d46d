"""Draws figures 1, 4, 5 and 6 of [NB]: which noise in a target satisfies the NEM condition.

    python docs/draw_nem_regions.py

[NB] is Adigun and Kosko, "Noise-boosted recurrent backpropagation". It needs `rnnzoo[docs]`.
"""

from pathlib import Path

import numpy as np

PICTURE = Path(__file__).parent / "images/nem-regions.png"
KEPT, DROPPED, SURFACE = "#0072B2", "#777777", "#E69F00"
COUNT = 1500

# Figure, kind of target, mode, activation a, target y, limits of the axes.
FIGURES = [
    ("1", "class", "additive", (0.6, 0.3, 0.1), (1.0, 0.0, 0.0), (-3, 3)),
    ("4", "class", "multiplicative", (0.6, 0.3, 0.1), (1.0, 0.0, 0.0), (-2, 4)),
    ("5", "value", "additive", (1.0, 2.0, 1.0), (2.0, 3.0, 2.0), (-3, 3)),
    ("6", "value", "multiplicative", (1.0, 2.0, 1.0), (2.0, 3.0, 2.0), (-2, 4)),
]


def satisfies_condition(kind, mode, a, y, unit):
    """Returns a mask of the rows of unit noise that an `NEMModel` keeps."""
    from rnnzoo.layers import NEMCategoricalCrossentropy, NEMMeanSquaredError
    from rnnzoo.layers.nem.settings import NoiseSettings

    loss = {"class": NEMCategoricalCrossentropy, "value": NEMMeanSquaredError}[kind]()
    a, y = (np.tile(np.float32(vector), (len(unit), 1)) for vector in (a, y))
    settings = NoiseSettings("nem", 1.0, mode, 0, "gaussian")
    noisy = loss.noisy_targets(y, a, unit.astype("float32"), 1.0, settings)
    return np.any(np.asarray(noisy) != y, axis=1)


def border(kind, mode, a, y, low, high):
    """Returns points (m, m, 3) of the surface between kept and dropped noise."""
    if kind == "value":
        # |y + n - a|² = |y - a|²: a sphere around a - y; |y o n - a|²: an ellipsoid around a / y.
        radius = np.linalg.norm(y - a)
        centre, half = (a - y, radius) if mode == "additive" else (a / y, radius / y)
        across, down = np.meshgrid(np.linspace(0, 2 * np.pi, 25), np.linspace(0, np.pi, 13))
        ball = [np.cos(across) * np.sin(down), np.sin(across) * np.sin(down), np.cos(down)]
        return centre + half * np.stack(ball, axis=-1)
    first, second = np.meshgrid(*2 * [np.linspace(low, high, 9)])
    if mode == "multiplicative":  # n_1 = 1
        return np.stack([np.ones_like(first), first, second], axis=-1)
    log = np.log(a)  # n . log a = 0, solved for the last entry
    return np.stack([first, second, -(log[0] * first + log[1] * second) / log[2]], axis=-1)


def panel(axes, number, kind, mode, a, y, limits):
    """Draws one figure."""
    a, y = np.array(a), np.array(y)
    unit = np.random.default_rng(0).normal(size=(COUNT, 3))
    n = unit if mode == "additive" else 1 + unit
    mask = satisfies_condition(kind, mode, a, y, unit)
    inside = np.all((n >= limits[0]) & (n <= limits[1]), axis=1)
    for which, colour, size, label in (
        (~mask, DROPPED, 4, "dropped"),
        (mask, KEPT, 6, f"kept: {mask.mean():.0%}"),
    ):
        points = n[which & inside]
        axes.scatter(*points.T, s=size, color=colour, label=label, alpha=0.7, linewidths=0)
    surface = border(kind, mode, a, y, *limits)
    surface = np.where((surface >= limits[0]) & (surface <= limits[1]), surface, np.nan)
    axes.plot_wireframe(*np.moveaxis(surface, -1, 0), color=SURFACE, linewidth=0.6)
    none = np.zeros(3) if mode == "additive" else np.ones(3)
    axes.scatter(*none, color="black", s=45, marker="*", label="no noise: the target y")
    if mode == "additive" or kind == "value":
        to_output = a - y if mode == "additive" else a / y
        axes.scatter(*to_output, color="#D55E00", s=35, marker="D", label="y becomes the output a")
    axes.set(xlim=limits, ylim=limits, zlim=limits, xlabel="$n_1$", ylabel="$n_2$", zlabel="$n_3$")
    axes.view_init(elev=20 if number != "1" else 6, azim=-62)
    condition = {
        ("class", "additive"): "$n \\cdot \\log a \\geq 0$",
        ("class", "multiplicative"): "$(n - 1) \\circ y \\cdot \\log a \\geq 0$",
        ("value", "additive"): "$|y + n - a|^2 \\leq |y - a|^2$",
        ("value", "multiplicative"): "$|y \\circ n - a|^2 \\leq |y - a|^2$",
    }[kind, mode]
    values = f"a = {tuple(a.tolist())}, y = {tuple(y.tolist())}"
    axes.set_title(f"figure {number}: {kind} target, {mode}\n{values}: {condition}", size=9)
    axes.legend(fontsize=7, loc="upper left")


def draw():
    """Draws all figures into one image."""
    from rnnzoo.figure import new_figure, save_png

    figure = new_figure(10.5, 9.5, dpi=80)
    for index, row in enumerate(FIGURES, 1):
        panel(figure.add_subplot(2, 2, index, projection="3d"), *row)
    PICTURE.parent.mkdir(exist_ok=True)
    save_png(figure, PICTURE)


if __name__ == "__main__":
    draw()
