"""Draws docs/images/architecture.png: the rooms of the house, and the imports between the folders.

python docs/draw_architecture.py
"""

import ast
from collections import Counter
from pathlib import Path

from rnnzoo.figure import new_figure, save_png

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs/images/architecture.png"

# From top to bottom: a band's title, the folder that it is of, its colour and its rows of rooms.
BANDS = [
    ("zoo/cli", "cli", "#f3e3c3", [["one file per command"]]),
    (
        "pipelines",
        "pipelines",
        "#d9e6d2",
        [
            ["pipeline", "finetune", "experiments", "demo"],
            ["stages", "families", "export", "serving", "beam"],
            ["core"],
        ],
    ),
    (
        "zoo",
        "zoo",
        "#d3e0ee",
        [
            ["text", "rates", "sequences", "frames", "audio", "baselines"],
            ["loading", "artifacts", "registry", "families", "task"],
        ],
    ),
    (
        "datasets",
        "datasets",
        "#eadcea",
        [
            ["char_text", "usdinr", "action3d", "ucf11", "music", "bouncing_balls"],
            ["text", "rates", "frames", "video", "audio", "sequence_tasks"],
            ["common"],
        ],
    ),
    (
        "layers",
        "layers",
        "#f2d8d3",
        [
            ["nem", "jacobian", "least_squares", "echo_state", "discs", "spectrogram"],
            ["callbacks", "fused", "common"],
        ],
    ),
]


FOLDERS = ("layers", "datasets", "pipelines", "cli")  # everything else is zoo's


def imports():
    """Counter of (folder, imported folder): files that import another folder, lazily too."""
    counts = Counter()
    for folder in ("layers", "datasets", "zoo", "pipelines"):
        for path in (ROOT / folder).rglob("*.py"):
            own = "cli" if path.is_relative_to(ROOT / "zoo/cli") else folder
            modules = set()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "rnnzoo":
                    modules.add((node.module.split(".") + ["zoo"])[1])
            known = {
                m if m in ("layers", "datasets", "pipelines", "cli") else "zoo" for m in modules
            }
            counts.update((own, target) for target in known - {own})
    return counts


def draw():
    """Writes the picture."""
    figure = new_figure(9, 10)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    heights = [0.45 + 0.55 * len(rows) for *_, rows in BANDS]
    gap, top, bands = 0.55, sum(heights) + 0.55 * (len(BANDS) - 1), {}
    axes.set_xlim(0, 12)
    axes.set_ylim(-0.2, top + 0.2)
    for (title, folder, colour, rows), height in zip(BANDS, heights, strict=True):
        axes.add_patch(_box(0.2, top - height, 8.6, height, colour))
        axes.text(0.4, top - 0.3, title, fontsize=12, weight="bold")
        for i, row in enumerate(rows):
            width = 8.2 / max(len(row), 4)
            for j, room in enumerate(row):
                x, y = 0.4 + j * width, top - 0.95 - 0.55 * i
                axes.add_patch(_box(x, y, width - 0.12, 0.42, "white"))
                axes.text(x + (width - 0.12) / 2, y + 0.21, room, ha="center", va="center", size=9)
        bands[folder] = (top, top - height)
        top -= height + gap
    order = [folder for _, folder, *_ in BANDS]
    counts = imports()
    upward = [pair for pair in counts if order.index(pair[0]) > order.index(pair[1])]
    # The datasets and the layers do not import each other, so their order means nothing.
    assert not upward, upward
    for lane, ((source, target), count) in enumerate(sorted(counts.items())):
        x = 9.1 + 0.3 * lane
        start, end = sum(bands[source]) / 2, sum(bands[target]) / 2
        axes.plot([8.8, x, x], [start, start, end], color="0.4", linewidth=1)
        arrow = {"arrowstyle": "-|>", "color": "0.4", "linewidth": 1}
        axes.annotate("", (8.82, end + 0.0), (x, end), arrowprops=arrow)
        axes.text(x + 0.05, (start + end) / 2, str(count), size=8, color="0.3")
    save_png(figure, PICTURE)


def _box(x, y, width, height, colour):
    from matplotlib.patches import FancyBboxPatch

    style = "round,pad=0,rounding_size=0.08"
    return FancyBboxPatch((x, y), width, height, style, facecolor=colour, edgecolor="0.5")


if __name__ == "__main__":
    draw()
