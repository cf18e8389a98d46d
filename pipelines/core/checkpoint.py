"""Checkpoints, from which an interrupted training is continued."""

import sys
from pathlib import Path

import keras

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import reason_of, system_reason


class Checkpoint(keras.callbacks.Callback):
    """Saves model and optimizer after each epoch, atomically.

    Args:
        path: the `.keras` file.
        epochs: int, epochs in an existing one.

    Attributes:
        epochs: int, epochs in the checkpoint.
    """

    def __init__(self, path, epochs=0):
        super().__init__()
        self._path, self.epochs = Path(path), epochs

    def on_epoch_end(self, epoch, logs=None):
        """Replaces the last checkpoint."""
        with atomic_file(self._path) as partial:
            self.model.save(partial)
        self.epochs = epoch + 1


def loaded(path):
    """The compiled model of a checkpoint, or None if there is none or it is damaged.

    Raises:
        InputError: the system does not let it be read: it may be whole.
    """
    if not path.is_file():
        return None
    try:
        return keras.saving.load_model(path)
    except Exception as problem:  # what Keras raises depends on where the file is damaged
        if reason := system_reason(problem):
            raise InputError(f"{path} cannot be read: {reason}") from problem
        print(f"{path} is damaged ({reason_of(problem)}): training anew", file=sys.stderr)
        return None
