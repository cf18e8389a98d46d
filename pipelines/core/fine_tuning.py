"""The training loop of a fine-tuning, with a checkpoint after each epoch."""

import sys

from rnnzoo.layers.callbacks.epoch_seeds import EpochSeeds
from rnnzoo.layers.callbacks.fit_progress import FitProgress
from rnnzoo.layers.callbacks.training_log import TrainingLog
from rnnzoo.pipelines.core import best_epoch
from rnnzoo.pipelines.core.history import History
from rnnzoo.pipelines.core.training import sample_interval


def fit(
    model, batches, validation, sample, callbacks, work, *, epochs, learning_rate, seed, folder,
    label,
):  # fmt: skip
    """Fits a model until its validation loss no longer falls; its history, a list of dict.

    Args:
        model: a compiled task model; it gets the weights of the best epoch.
        batches: `rnnzoo.epoch_batches.EpochBatches` to train on.
        validation: validation batches, for early stopping.
        sample: function from the model to a str, or None.
        callbacks: function from the folder of the event files and the epochs between two samples
            to a list of the family's callbacks.
        work: Path of the folder of checkpoints; an interrupted training is continued from them.
        epochs: int, at most.
        learning_rate: float.
        seed: int, of dropout and noise.
        folder: Path of the event files.
        label: str, shown with the progress.
    """
    fixed, every = batches[0], sample_interval(epochs)
    model.optimizer.learning_rate = learning_rate
    done = best_epoch.epochs_in(work)
    if done:
        print(f"{label}: continuing after epoch {done} of {epochs}", file=sys.stderr)
        best_epoch.restore(model, work, done)
        batches.begin_at(done)
    else:
        (work / best_epoch.HISTORY).unlink(missing_ok=True)  # of an epoch without a checkpoint
    if not best_epoch.ended(best_epoch.rows(work), epochs):
        model.fit(
            batches,
            validation_data=validation,
            initial_epoch=done,
            epochs=epochs,
            shuffle=False,
            verbose=0,
            callbacks=[
                EpochSeeds(seed),
                History(work / best_epoch.HISTORY, None, 1),
                TrainingLog(folder, fixed, sample and (lambda: sample(model)), every),
                *callbacks(folder, every),
                # After the callbacks that write: each epoch in a checkpoint is logged.
                best_epoch.EpochCheckpoints(work),
                FitProgress(label),
            ],
        )
    history = best_epoch.rows(work)
    best_epoch.restore(model, work, best_epoch.best_epoch(history))
    if sample is not None:
        history[-1]["sample"] = sample(model)
    return history
