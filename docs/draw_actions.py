"""Confusion matrices of actions_results.md and ucf11_results.md, of the best classifiers' cards.

    python docs/draw_actions.py

It needs `rnnzoo[plot]`.
"""

import runpy
from pathlib import Path

import numpy as np

from rnnzoo.cards import packaged
from rnnzoo.figure import new_figure, save_png

DOCS = Path(__file__).parent


def draw(card):
    """Returns the figure: a row per true class, a column per predicted class."""
    counts, names = np.array(card["metrics"]["confusion"]), card["classes"]
    side = 2.6 + 0.32 * len(names)
    figure = new_figure(side, side - 0.8, dpi=100)
    panel = figure.subplots()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    panel.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        if count:
            colour = "white" if shares[row, column] > 0.5 else "black"
            panel.text(column, row, count, ha="center", va="center", color=colour, fontsize=8)
    panel.set_xticks(range(len(names)), names, rotation=60, ha="right", rotation_mode="anchor")
    panel.set_yticks(range(len(names)), names)
    accuracy = np.trace(counts) / counts.sum()
    panel.set(
        xlabel="predicted",
        ylabel="true",
        title=f"{card['name']}, test split: accuracy {accuracy:.1%} of {counts.sum()}",
    )
    return figure


if __name__ == "__main__":
    script = runpy.run_path(str(DOCS / "render_actions.py"))
    for pattern, name in (("action3d-*", "actions"), ("ucf11-*", "ucf11")):
        save_png(draw(script["best"](packaged(pattern))), DOCS / f"images/{name}-confusion.png")
