"""Checkpoints of a fine-tuning, which ends when its validation loss no longer falls."""

import math
import re

import keras

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import reason_of, system_reason
from rnnzoo.pipelines.core.history import read_history
from rnnzoo.pipelines.core.resumable import DamagedCheckpoint

HISTORY = "history.json"
PATIENCE = 2  # epochs without a lower validation loss after which it ends
_NAME = re.compile(r"epoch-(\d+)\.keras")


class EpochCheckpoints(keras.callbacks.Callback):
    """Saves weights and optimizer after each epoch, and keeps those of the last and the best one.

    It belongs after the `History` that writes `history.json`, from which the best epoch is known.

    Args:
        work: Path of the folder of the checkpoints and of `history.json`.
    """

    def __init__(self, work):
        super().__init__()
        self._work = work

    def on_epoch_end(self, epoch, logs=None):
        """Writes the epoch's checkpoint, and ends the training after `PATIENCE` epochs."""
        with atomic_file(_path(self._work, epoch + 1)) as partial:
            self.model.save(partial)
        best = best_epoch(rows(self._work, epoch + 1))
        for number, path in _checkpoints(self._work).items():
            if number not in (best, epoch + 1):
                path.unlink()
        if epoch + 1 - best >= PATIENCE:
            self.model.stop_training = True


def rows(work, epochs=None):
    """The rows of `history.json` up to an epoch, a list of dict; by default to the last checkpoint.

    A row whose checkpoint was not written belongs to an epoch that is trained again.

    Raises:
        DamagedCheckpoint: an epoch with a checkpoint has no row.
    """
    epochs = epochs_in(work) if epochs is None else epochs
    if not epochs:
        return []
    try:
        history = read_history(work / HISTORY)[:epochs]
        whole = len(history) == epochs and all("val_loss" in row for row in history)
    except (FileNotFoundError, ValueError, TypeError):
        whole = False
    if not whole:
        raise DamagedCheckpoint(f"{work / HISTORY} is damaged: remove {work}")
    return history


def epochs_in(work):
    """The number of the last epoch that has a checkpoint, 0 if none has."""
    return max(_checkpoints(work), default=0)


def best_epoch(history):
    """The number of the epoch with the lowest validation loss; the first of equal ones.

    Args:
        history: list of dict with `val_loss`, one or more.
    """
    losses = [row["val_loss"] for row in history]
    losses = [loss if math.isfinite(loss) else math.inf for loss in losses]
    return 1 + losses.index(min(losses))


def ended(history, epochs):
    """Whether a fine-tuning with this history has had its last epoch, of `epochs` at most."""
    return len(history) >= epochs or bool(
        history and len(history) - best_epoch(history) >= PATIENCE
    )


def restore(model, work, epoch):
    """Loads weights and optimizer of an epoch's checkpoint into a compiled model.

    Raises:
        DamagedCheckpoint: the checkpoint cannot be read.
    """
    if not model.optimizer.built:  # else its state would be left out
        model.optimizer.build(model.trainable_variables)
    try:
        model.load_weights(_path(work, epoch))
    except Exception as problem:  # what Keras raises depends on where the file is damaged
        if reason := system_reason(problem):
            raise InputError(f"{_path(work, epoch)} cannot be read: {reason}") from problem
        raise DamagedCheckpoint(
            f"{_path(work, epoch)} is damaged ({reason_of(problem)}): remove {work}"
        ) from problem


def _checkpoints(work):
    """dict from epoch to the Path of its checkpoint."""
    matches = [(_NAME.fullmatch(path.name), path) for path in work.glob("epoch-*")]
    return {int(match[1]): path for match, path in matches if match}


def _path(work, epoch):
    return work / f"epoch-{epoch}.keras"
