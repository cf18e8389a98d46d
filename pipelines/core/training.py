"""Trains a model by its recipe, with a checkpoint after each epoch."""

import hashlib
import json
import sys

import keras

from rnnzoo.datasets.common.atomic_write import remove_partials
from rnnzoo.layers.callbacks.epoch_seeds import EpochSeeds
from rnnzoo.layers.callbacks.fit_progress import FitProgress
from rnnzoo.layers.callbacks.training_log import TrainingLog
from rnnzoo.pipelines.core.checkpoint import Checkpoint, loaded
from rnnzoo.pipelines.core.history import History
from rnnzoo.pipelines.core.resumable import resumable
from rnnzoo.pipelines.core.run_folders import checkpoint_folder
from rnnzoo.pipelines.core.training_version import TRAINING_VERSION
from rnnzoo.training_logs import new_run_folder

SAMPLES = 5  # samples and histograms of a training


def sample_interval(epochs):
    """int, the epochs between two samples or histograms of a training of so many epochs."""
    return max(1, epochs // SAMPLES)


def work_folder(name, recipe, data_sha256, version, part=""):
    """Path of the folder of a training's checkpoints in the cache; each training has its own.

    Args:
        name: str, the model's name.
        recipe: dict, as `Family.training_settings` returns it.
        data_sha256: str.
        version: int, the family's.
        part: str, see `Family.parts`.

    Returns:
        Path.
    """
    identity = json.dumps([recipe, data_sha256, version, TRAINING_VERSION, part], sort_keys=True)
    sha256 = hashlib.sha256(identity.encode()).hexdigest()
    return checkpoint_folder(name, sha256)


def optimizer(settings, steps):
    """Adam, whose learning rate falls to a hundredth along half a cosine.

    Args:
        settings: dict with `epochs`, `learning_rate` and `clip_norm`.
        steps: int, per epoch.
    """
    rate = keras.optimizers.schedules.CosineDecay(
        settings["learning_rate"], steps * settings["epochs"], alpha=0.01
    )
    return keras.optimizers.Adam(rate, global_clipnorm=settings["clip_norm"])


def train(
    name, settings, seed, work, *, build, batches, loss, validation=None, sample=None,
    callbacks=None,
):  # fmt: skip
    """The trained model of a seed; an interrupted training is continued after its last epoch.

    Args:
        name: str, the model's name.
        settings: dict with `epochs`, `learning_rate` and `clip_norm`.
        seed: int.
        work: Path of a folder for the checkpoint; a finished one is not trained again.
        build: function without arguments that returns the untrained model.
        batches: function from the index of the first epoch to the batches (x, y) of `fit`, a
            `keras.utils.PyDataset`; those of an epoch depend on the seed and its index only.
        loss: `keras.losses.Loss`.
        validation: function from the model to the validation batches, whose loss is logged after
            each epoch, or to None; or None.
        sample: function from the model to a str; or None.
        callbacks: function from the folder of the training's event files and the epochs between
            two samples to a list of further callbacks; or None.

    Returns:
        The model that `build` returned, compiled.
    """
    keras.utils.set_random_seed(seed)
    first = batches(0)
    checkpoint = work / f"seed-{seed}.keras"
    model = loaded(checkpoint)
    if model is None:
        model = build()
        model.compile(optimizer(settings, len(first)), loss)
    done = int(model.optimizer.iterations) // len(first)
    if done < settings["epochs"]:
        work.mkdir(parents=True, exist_ok=True)
        remove_partials(work)  # of a killed training
        every, fixed = sample_interval(settings["epochs"]), first[0]
        folder = new_run_folder(name, f"{work.name[-16:]}-seed-{seed}", resumed=done > 0)
        label, epochs = f"{name} seed {seed}", settings["epochs"]
        saved = Checkpoint(checkpoint, done)
        if done:
            print(f"{label}: continuing after epoch {done} of {epochs}", file=sys.stderr)
        with resumable(lambda: saved.epochs):
            model.fit(
                batches(done),
                validation_data=validation and validation(model),
                initial_epoch=done,
                epochs=epochs,
                shuffle=False,  # seed and epoch determine the order of the batches
                verbose=0,
                callbacks=[
                    EpochSeeds(seed),
                    History(work / f"seed-{seed}.json", sample, every),
                    TrainingLog(folder, fixed, sample and (lambda: sample(model)), every),
                    *(callbacks(folder, every) if callbacks else []),
                    saved,  # after the callbacks that write: each epoch in it is logged
                    FitProgress(label),
                ],
            )
    return model
