"""Bulk inference of classifiers: the class of each file."""

from rnnzoo.datasets.sequences import feature_file
from rnnzoo.datasets.video import reader
from rnnzoo.pipelines.core.predictor import Predictor

SUFFIXES = {
    "features": feature_file.SUFFIXES,
    "skeletons": (".npy", ".txt"),
    "video": (*reader.SUFFIXES, ".npy"),
}


class SequencePredictor(Predictor):
    """The classes of a file, a sequence as `rnnzoo classify` reads it."""

    def __init__(self, card, options):
        super().__init__(card, options)
        self.suffixes = SUFFIXES[card["reader"]["kind"]]

    def items(self, path, model):
        """The features of the file, a sequence."""
        return [model.reader.read(path)]

    def predict(self, items, model):
        """`class` and `probability` of the most probable, and `probabilities` of all."""
        records = []
        for probabilities in model.feature_probabilities(items):
            best = probabilities.argmax()
            records.append(
                {
                    "class": model.classes[best],
                    "probability": probabilities[best],
                    "probabilities": dict(zip(model.classes, probabilities, strict=True)),
                }
            )
        return records
