"""Checkpoints, from which an interrupted training is continued."""

import sys
from pathlib import Path

import keras

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.loading import first_line


class Checkpoint(keras.callbacks.Callback):
    """Saves model and optimizer after each epoch, atomically.

    Args:
        path: the `.keras` file.
    """

    def __init__(self, path):
        super().__init__()
        self._path = Path(path)

    def on_epoch_end(self, epoch, logs=None):
        """Replaces the last checkpoint."""
        with atomic_file(self._path) as partial:
            self.model.save(partial)


def loaded(path):
    """The compiled model of a checkpoint, or None if there is none or it is damaged."""
    if not path.is_file():
        return None
    try:
        return keras.saving.load_model(path)
    except Exception as problem:  # what Keras raises depends on where the file is damaged
        print(f"{path} is damaged ({first_line(problem)}): training anew", file=sys.stderr)
        return None
