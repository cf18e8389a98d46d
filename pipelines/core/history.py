"""The history of a training: a file with a row per epoch, which is part of a pushed model."""

import json
from pathlib import Path

import keras

from rnnzoo.datasets.common.atomic_write import write_text


class History(keras.callbacks.Callback):
    """Writes a row per epoch: its metrics, the learning rate, and a sample in some epochs.

    Args:
        path: path of the `.json` file; rows of epochs that are trained again are replaced.
        sample: function from the model to a str, or None.
        every: int, epochs between two samples.
    """

    def __init__(self, path, sample, every):
        super().__init__()
        self._path, self._sample, self._every = Path(path), sample, every

    def on_epoch_end(self, epoch, logs=None):
        """Adds the epoch's row and replaces the file atomically."""
        rows = json.loads(self._path.read_text("utf-8")) if self._path.is_file() else []
        row = {"epoch": epoch + 1, **(logs or {})}
        row["learning_rate"] = float(self.model.optimizer.learning_rate)
        if self._sample is not None and (epoch + 1) % self._every == 0:
            row["sample"] = self._sample(self.model)
        write_text(self._path, json.dumps([*rows[:epoch], row], indent=1, ensure_ascii=False))


def read_history(path):
    """The rows that a `History` wrote, a list of dict."""
    return json.loads(path.read_text(encoding="utf-8"))
