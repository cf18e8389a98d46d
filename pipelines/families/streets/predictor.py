"""Bulk inference of path predictors: what follows each trip."""

import numpy as np

from rnnzoo.datasets.common.nested_files import nested_files
from rnnzoo.datasets.common.paths import check_file
from rnnzoo.datasets.common.utf8 import decoded
from rnnzoo.datasets.streets.paths_csv import read_paths
from rnnzoo.datasets.streets.reader import EDGES
from rnnzoo.pipelines.core.predictor import Predictor


class TripPredictor(Predictor):
    """The links that can follow each trip of a file through the streets of the model."""

    suffixes = (".csv",)

    def files(self, folder):
        """The files of trips in a folder, without those of streets, `edges.csv`."""
        return [path for path in nested_files(folder, self.suffixes) if path.name != EDGES]

    def items(self, path, model):
        """The trips of a file, each its name and the indices of its links."""
        check_file(path, "give a CSV file of trips")
        trips = read_paths(path, decoded(path.read_bytes(), path), model.graph)
        return list(zip(trips.names, trips, strict=True))

    def predict(self, items, model):
        """`trip`, its name; `links`, their number; `next`: a list of `link`, None for the end of
        the trip, and its `probability`, the most probable first.
        """
        from rnnzoo.streets.batches import UNKNOWN
        from rnnzoo.streets.continuation import following

        paths = [links for _, links in items]
        rows = following(model, paths, np.full(len(paths), UNKNOWN))
        return [
            {
                "trip": name,
                "links": len(links),
                "next": [{"link": r.link, "probability": r.probability} for r in candidates],
            }
            for (name, links), candidates in zip(items, rows, strict=True)
        ]
