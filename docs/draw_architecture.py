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
            command_line = path.is_relative_to(ROOT / "zoo/cli") or path.name == "__main__.py"
            own = "cli" if command_line else folder
            modules = set()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "rnnzoo":
                    modules |= {f"{node.module}.{alias.name}".split(".")[1] for alias in node.names}
            known = {
                m if m in ("layers", "datasets", "pipelines", "cli") else "zoo" for m in modules
            }
            counts.update((own, target) for target in known - {own})
    return counts


def draw():
    """Writes the picture."""
    figure = new_figure(9, 10)
    axes = figure.subplots()
    axes.set_axis_off()
    heights = [0.45 + 0.55 * len(rows) for *_, rows in BANDS]
    gap, top, bands = 0.55, sum(heights) + 0.55 * (len(BANDS) - 1), {}
    axes.set_xlim(0, 12.4)
    axes.set_ylim(-0.2, top + 0.2)
    for (title, folder, colour, rows), height in zip(BANDS, heights, strict=True):
        axes.add_patch(_box(0.2, top - height, 8.6, height, colour))
        axes.text(0.4, top - 0.3, title, fontsize=12, weight="bold")
        for i, row in enumerate(rows):
            width = 8.2 / max(len(row), 4)
            for j, room in enumerate(row):
                x, y = 0.4 + j * width, top - 0.95 - 0.55 * i
                axes.add_patch(_box(x, y, width - 0.12, 0.42, "white"))
                axes.text(x + (width - 0.12) / 2, y + 0.21, room, ha="center", va="center", size=8)
        bands[folder] = (top, top - height)
        top -= height + gap
    order = [folder for _, folder, *_ in BANDS]
    counts = imports()
    upward = [pair for pair in counts if order.index(pair[0]) > order.index(pair[1])]
    # The datasets and the layers do not import each other, so their order means nothing.
    assert not upward, upward
    ports = {folder: iter(_ports(*bands[folder], _degree(counts, folder))) for folder in order}
    arrow = {"arrowstyle": "-|>", "color": "0.4", "linewidth": 1}
    for lane, (source, target) in enumerate(sorted(counts, key=lambda pair: _length(order, pair))):
        x, start, end = 9.1 + 0.32 * lane, next(ports[source]), next(ports[target])
        axes.plot([8.8, x, x], [start, start, end], color="0.4", linewidth=1)
        axes.annotate("", (8.8, end), (x, end), arrowprops=arrow)
        label = {"size": 8, "color": "0.3", "backgroundcolor": "white", "ha": "center"}
        axes.text(x, (start + end) / 2, str(counts[source, target]), **label)
    axes.text(12.3, -0.1, "numbers: files that import the folder below", ha="right", size=8)
    save_png(figure, PICTURE)


def _degree(counts, folder):
    return sum(folder in pair for pair in counts)


def _length(order, pair):
    return order.index(pair[1]) - order.index(pair[0])


def _ports(top, bottom, count):
    """Heights at the side of a band, one per arrow, from the top down."""
    return [top - (i + 1) * (top - bottom) / (count + 1) for i in range(count)]


def _box(x, y, width, height, colour):
    from matplotlib.patches import FancyBboxPatch

    style = "round,pad=0,rounding_size=0.08"
    return FancyBboxPatch((x, y), width, height, style, facecolor=colour, edgecolor="0.5")


if __name__ == "__main__":
    draw()
