"""Draws docs/images/tfx.png: the components of a model's TFX pipeline, and what they exchange.

python docs/draw_tfx.py
"""

from pathlib import Path

from matplotlib.patches import FancyBboxPatch

from rnnzoo.figure import new_figure, save_png

PICTURE = Path(__file__).parent / "images/tfx.png"
OF_TFX, OURS = "#d3e0ee", "#d9e6d2"
WIDTH, HEIGHT = 2.0, 0.62

# Component: (column, row, colour, what it calls).
COMPONENTS = {
    "ExampleGen": (0, 1, OF_TFX, "Family.examples"),
    "StatisticsGen": (1, 0, OF_TFX, "TFDV"),
    "SchemaGen": (2, 0, OF_TFX, "TFDV"),
    "ExampleValidator": (3, 0, OF_TFX, "TFDV"),
    "skew, drift": (4, 0, OF_TFX, "DistributionValidator"),
    "Transform": (1, 1, OF_TFX, "examples as they are"),
    "Trainer": (2, 1, OF_TFX, "statistics ... trainer"),
    "figures": (3, 1, OURS, "evaluator"),
    "infra_validator": (2, 2, OURS, "infra_validator"),
    "Evaluator": (4, 1, OF_TFX, "TFMA, blessing"),
    "Tuner": (1, 2, OF_TFX, "with --tune: Keras Tuner"),
    "pusher": (3, 2, OURS, "pusher"),
    "bulk_inferrer": (4, 2, OURS, "with --predict: predict"),
}
# (from, to), and what is exchanged.
EDGES = {
    ("ExampleGen", "StatisticsGen"): "",
    ("ExampleGen", "Transform"): "examples",
    ("StatisticsGen", "SchemaGen"): "statistics",
    ("SchemaGen", "ExampleValidator"): "schema",
    ("StatisticsGen", "skew, drift"): "statistics",
    ("SchemaGen", "Transform"): "",
    ("Transform", "Trainer"): "examples",
    ("Transform", "Tuner"): "",
    ("Tuner", "Trainer"): "",
    ("Trainer", "figures"): "models",
    ("Trainer", "infra_validator"): "",
    ("figures", "Evaluator"): "rows",
    ("Evaluator", "pusher"): "",
    ("pusher", "bulk_inferrer"): "model",
    ("infra_validator", "pusher"): "blessing",
}


def draw():
    """Writes the picture."""
    figure = new_figure(11.5, 3.6)
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_xlim(-0.1, 13.1)
    axes.set_ylim(-3.9, 1.2)
    for name, (column, row, colour, calls) in COMPONENTS.items():
        x, y = _corner(column, row)
        style = "round,pad=0,rounding_size=0.1"
        box = FancyBboxPatch((x, y), WIDTH, HEIGHT, style, facecolor=colour, edgecolor="0.5")
        axes.add_patch(box)
        axes.text(x + WIDTH / 2, y + 0.42, name, ha="center", va="center", size=9, weight="bold")
        axes.text(x + WIDTH / 2, y + 0.17, calls, ha="center", va="center", size=7)
    for (start, end), label in EDGES.items():
        _draw_edge(axes, COMPONENTS[start][:2], COMPONENTS[end][:2], label)
    axes.text(0, -3.6, "blue: components of TFX; green: components of rnnzoo", size=8)
    save_png(figure, PICTURE)


def _corner(column, row):
    return 2.75 * column, -1.5 * row


def _draw_edge(axes, start, end, label):
    (x0, y0), (x1, y1) = _corner(*start), _corner(*end)
    if start[0] == end[0]:  # downwards
        tail, head = (x0 + WIDTH / 2, y0), (x1 + WIDTH / 2, y1 + HEIGHT)
    elif start[1] == end[1] == 0 and end[0] > start[0] + 1:  # above those between
        tail, head = (x0 + WIDTH / 2, y0 + HEIGHT), (x1 + WIDTH / 2, y1 + HEIGHT)
        top = y0 + HEIGHT + 0.35
        axes.plot([tail[0], tail[0], head[0]], [tail[1], top, top], color="0.4", lw=1)
        tail = (head[0], top)
    else:
        tail, head = (x0 + WIDTH, y0 + HEIGHT / 2), (x1, y1 + HEIGHT / 2)
        if x1 < x0 + WIDTH:  # to an earlier column
            tail, head = (x0 + WIDTH / 4, y0), (x1 + WIDTH, y1 + HEIGHT)
    arrow = {"arrowstyle": "-|>", "color": "0.4", "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", head, tail, arrowprops=arrow)
    middle = ((tail[0] + head[0]) / 2, (tail[1] + head[1]) / 2 + 0.06)
    side = "left" if tail[0] == head[0] else "center"
    axes.text(*middle, f" {label}", ha=side, va="bottom", size=7, color="0.3")


if __name__ == "__main__":
    draw()
