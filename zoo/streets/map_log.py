"""Maps of predicted paths during a training in TensorBoard: truth and prediction."""

import numpy as np

from rnnzoo.layers.callbacks.event_file import EventFile
from rnnzoo.streets.drawn_path import COLOURS, DrawnPath, segments
from rnnzoo.streets.street_map import map_figure

TRIPS, SEEDS = 3, 5  # trips that are drawn, and links of each that the model reads


class MapLog(EventFile):
    """Writes a picture of trips and of how the model continues their first five links.

    Args:
        folder: path of the folder for the event files.
        trips: `Trips`; the first three are drawn.
        every: int, epochs between two pictures.
    """

    def __init__(self, folder, trips, every=1):
        super().__init__(folder, every)
        self._trips = [trips[row].tolist() for row in range(min(TRIPS, len(trips)))]

    def write(self, step):
        """Writes the picture; there is none where a path has a link without positions."""
        import tensorflow as tf

        graph = self.model.graph
        index, truth, predicted = graph.index, [], []
        for number, trip in enumerate(self._trips):
            prefix = [graph.ids[link] for link in trip[:SEEDS]]
            path = self.model.predict_path(prefix, steps=len(trip))
            title, colour = f"trip {number + 1}", COLOURS[number]
            truth.append(DrawnPath(title, trip, colour))
            predicted.append(DrawnPath(title, [index[link] for link in path], colour))
        drawn = [link for path in (*truth, *predicted) for link in path.links]
        if np.isnan(segments(graph, drawn)).any():
            return
        panels = [("truth", truth), (f"predicted after {SEEDS} links", predicted)]
        figure = map_figure(graph, panels, width=5.0)
        figure.canvas.draw()
        tf.summary.image("paths", np.asarray(figure.canvas.buffer_rgba())[None, :, :, :3])
