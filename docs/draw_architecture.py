"""Draws docs/images/architecture.png: the sub-packages, and the imports between the folders.

python docs/draw_architecture.py
"""

import ast
from collections import Counter
from pathlib import Path

from rnnzoo.figure import new_figure, save_png

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs/images/architecture.png"

# From top to bottom: a band's title, its folder, its colour, and its rows of sub-packages.
BANDS = [
    ("zoo/cli", "cli", "#f3e3c3", [["one file per command"]]),
    (
        "pipelines",
        "pipelines",
        "#d9e6d2",
        [
            ["pipeline", "finetune", "experiments", "demo"],
            ["stages", "families", "export", "serving", "beam", "dask"],
            ["core"],
        ],
    ),
    (
        "zoo",
        "zoo",
        "#d3e0ee",
        [
            ["text", "rates", "sequences", "frames", "audio", "streets", "baselines"],
            ["loading", "artifacts", "registry", "families", "task"],
        ],
    ),
    (
        "datasets",
        "datasets",
        "#eadcea",
        [
            ["char_text", "usdinr", "action3d", "ucf11", "music", "bouncing_balls"],
            ["text", "rates", "sequences", "frames", "video", "audio", "streets", "fields"],
            ["street_paths", "nyc_bike", "sequence_tasks", "common"],
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

FOLDERS = ("layers", "datasets", "pipelines", "cli")  # all other modules are zoo's
LEFT, RIGHT, LANE = 0.2, 9.2, 0.34  # edges of the bands, and the distance of two arrows


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
            targets = {module if module in FOLDERS else "zoo" for module in modules}
            counts.update((own, target) for target in targets - {own})
    return counts


def draw():
    """Writes the picture."""
    figure = new_figure(9, 10)
    axes = figure.subplots()
    axes.set_axis_off()
    heights = [0.45 + 0.55 * len(rows) for *_, rows in BANDS]
    gap, top, bands = 0.55, sum(heights) + 0.55 * (len(BANDS) - 1), {}
    axes.set_xlim(0, 12.4)
    axes.set_ylim(-0.4, top + 0.2)
    for (title, folder, colour, rows), height in zip(BANDS, heights, strict=True):
        axes.add_patch(_box(LEFT, top - height, RIGHT - LEFT, height, colour))
        axes.text(LEFT + 0.2, top - 0.3, title, fontsize=12, weight="bold")
        for i, row in enumerate(rows):
            width = (RIGHT - LEFT - 0.28) / max(len(row), 4)
            for j, room in enumerate(row):
                x, y = LEFT + 0.2 + j * width, top - 0.92 - 0.55 * i
                axes.add_patch(_box(x, y, width - 0.12, 0.42, "white"))
                axes.text(x + (width - 0.12) / 2, y + 0.21, room, ha="center", va="center", size=8)
        bands[folder] = (top, top - height)
        top -= height + gap
    _draw_arrows(axes, bands, imports())
    axes.text(RIGHT, -0.3, "numbers: files that import the folder", ha="right", size=8)
    save_png(figure, PICTURE)


def _draw_arrows(axes, bands, counts):
    """An arrow per pair of folders, with the number of importing files at its head.

    Args:
        axes: Matplotlib axes.
        bands: dict from folder to (top, bottom), from top to bottom.
        counts: what `imports` returns.
    """
    order = list(bands)
    length = {pair: order.index(pair[1]) - order.index(pair[0]) for pair in counts}
    # datasets and layers do not import each other, so their order means nothing.
    assert all(steps > 0 for steps in length.values()), length
    ends = _arrow_ends(bands, sorted(counts, key=length.get))
    # Arrows between neighbouring bands do not overlap: they share the first lane.
    longer = iter(range(1, len(counts)))
    for pair in sorted(counts, key=length.get):
        lane = 0 if length[pair] == 1 else next(longer)
        x, start, end = RIGHT + 0.6 + LANE * lane, ends[pair, "out"], ends[pair, "in"]
        axes.plot([RIGHT, x, x], [start, start, end], color="0.4", linewidth=1)
        arrow = {"arrowstyle": "-|>", "color": "0.4", "linewidth": 1, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (RIGHT, end), (x, end), arrowprops=arrow)
        axes.text(RIGHT + 0.38, end + 0.05, str(counts[pair]), size=8, color="0.3", ha="center")


def _arrow_ends(bands, pairs):
    """Height of each arrow's ends: dict from (pair, "in" or "out") to float.

    Arrows enter a band above those that leave it, and lie inside longer ones, so that few cross.

    Args:
        bands: as for `_draw_arrows`.
        pairs: list of (folder, imported folder), the shortest arrow first.
    """
    ends = {}
    for folder, (top, bottom) in bands.items():
        entering = [(pair, "in") for pair in pairs if pair[1] == folder]
        leaving = [(pair, "out") for pair in reversed(pairs) if pair[0] == folder]
        spacing = (top - bottom) / (len(entering + leaving) + 1)
        ends |= {end: top - i * spacing for i, end in enumerate(entering + leaving, 1)}
    return ends


def _box(x, y, width, height, colour):
    from matplotlib.patches import FancyBboxPatch

    style = "round,pad=0,rounding_size=0.08"
    return FancyBboxPatch((x, y), width, height, style, facecolor=colour, edgecolor="0.5")


if __name__ == "__main__":
    draw()
