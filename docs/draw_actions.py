"""The confusion matrix of actions_results.md, from the card of the best classifier.

    python docs/draw_actions.py

It needs `rnnzoo[docs]`.
"""

import runpy
from pathlib import Path

import numpy as np

from rnnzoo.cards import packaged
from rnnzoo.figure import new_figure

DOCS = Path(__file__).parent


def draw(card):
    """A figure: a row an action that was shown, a column an action that was said."""
    counts, names = np.array(card["metrics"]["confusion"]), card["classes"]
    figure = new_figure(9, 8.2, dpi=100)
    panel = figure.subplots()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    panel.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        if count:
            colour = "white" if shares[row, column] > 0.5 else "black"
            panel.text(column, row, count, ha="center", va="center", color=colour, fontsize=8)
    panel.set_xticks(range(len(names)), names, rotation=60, ha="right", rotation_mode="anchor")
    panel.set_yticks(range(len(names)), names)
    right = np.trace(counts) / counts.sum()
    panel.set(
        xlabel="said",
        ylabel="shown",
        title=f"{card['name']}, test subjects: {right:.1%} of {counts.sum()} right",
    )
    return figure


if __name__ == "__main__":
    script = runpy.run_path(str(DOCS / "render_actions.py"))
    draw(script["best"](packaged("action3d-*"))).savefig(DOCS / "images/actions-confusion.png")
