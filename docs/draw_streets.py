"""Draws the maps of streets.md: trips, and how a shipped model continues their first links.

    python docs/draw_streets.py

It needs `rnnzoo[plot]`, and the trips of Shanghai. The trips are the first of the test split of
different lengths; nothing was chosen.
"""

from pathlib import Path

import rnnzoo
from rnnzoo.datasets.street_paths.load import load_street_paths
from rnnzoo.figure import save_png
from rnnzoo.streets.drawn_path import COLOURS, DrawnPath
from rnnzoo.streets.street_map import map_figure

DOCS = Path(__file__).parent
MODEL, TRIPS, SEEDS = "shanghai-gru", 6, 6
PALETTE = 128  # colours of the PNG


def figure():
    """Returns the figure: truth, prediction after six links, prediction with the destination."""
    model = rnnzoo.load(MODEL)
    graph, trips = load_street_paths("shanghai", "test")
    index, panels = graph.index, ([], [], [])
    for number, trip in enumerate(trips[row].tolist() for row in range(TRIPS)):
        ids = [graph.ids[link] for link in trip]
        paths = (
            ids,
            model.predict_path(ids[:SEEDS], steps=len(ids) - SEEDS),
            model.route(ids[0], ids[-1]),
        )
        for panel, path in zip(panels, paths, strict=True):
            links = [index[link] for link in path]
            panel.append(DrawnPath(f"trip {number + 1}", links, COLOURS[number]))
    titles = (
        "test trips",
        f"{MODEL} after {SEEDS} links, as long as the trip",
        f"{MODEL} from the first link to the last",
    )
    return map_figure(graph, list(zip(titles, panels, strict=True)), width=5.5)


if __name__ == "__main__":
    save_png(figure(), DOCS / "images/streets.png", PALETTE)
