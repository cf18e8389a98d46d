"""Trains a text model by its recipe, in steps that an interruption does not lose."""

import json
import os
import sys
from pathlib import Path

import keras

from rnnzoo.datasets.text_windows import TextWindows
from rnnzoo.layers.epoch_seeds import EpochSeeds
from rnnzoo.layers.fit_progress import FitProgress
from rnnzoo.layers.training_log import TrainingLog
from rnnzoo.loading import first_line
from rnnzoo.pipelines.training_logs import run_folder
from rnnzoo.text.build import build, finished

# Samples and histograms of a training.
SAMPLES = 5


class History(keras.callbacks.Callback):
    """Keeps a file with a row an epoch: its figures, the learning rate, now and then a sample.

    Args:
        path: the `.json` file; rows of epochs that are trained again are replaced.
        sample: function from the model to a str.
        every: int, epochs between two samples.
    """

    def __init__(self, path, sample, every):
        super().__init__()
        self._path, self._sample, self._every = Path(path), sample, every

    def on_epoch_end(self, epoch, logs=None):
        """Writes beside the file, then takes its place."""
        rows = json.loads(self._path.read_text("utf-8")) if self._path.is_file() else []
        row = {"epoch": epoch + 1, **(logs or {})}
        row["learning_rate"] = float(self.model.optimizer.learning_rate)
        if (epoch + 1) % self._every == 0:
            row["sample"] = self._sample(self.model)
        partial = self._path.with_suffix(".partial")
        partial.write_text(json.dumps([*rows[:epoch], row], indent=1, ensure_ascii=False), "utf-8")
        os.replace(partial, self._path)


class Checkpoint(keras.callbacks.Callback):
    """Saves model and optimizer after each epoch, under the name only once complete.

    Args:
        path: the `.keras` file.
    """

    def __init__(self, path):
        super().__init__()
        self._path = Path(path)

    def on_epoch_end(self, epoch, logs=None):
        """Writes beside the last checkpoint, then takes its place."""
        partial = self._path.with_name(f"partial-{os.getpid()}.keras")
        try:
            self.model.save(partial)
            os.replace(partial, self._path)
        finally:
            partial.unlink(missing_ok=True)


def train(name, settings, text, seed, work):
    """Returns the trained model of one seed; goes on where an earlier start left off.

    The learning rate falls from the recipe's to a hundredth of it along half a cosine.

    Args:
        name: str, the model's name.
        settings: dict, its complete recipe.
        text: `CharText`.
        seed: int.
        work: Path of a folder for the checkpoint; a finished one is not trained again.

    Returns:
        `TextGenerator`, not compiled.
    """
    keras.utils.set_random_seed(seed)
    ids = text.vocabulary.encode(text.train)
    shape = {"length": settings["window"], "batch_size": settings["batch_size"], "seed": seed}
    steps = len(TextWindows(ids, **shape))
    checkpoint = work / f"seed-{seed}.keras"
    model = _loaded(checkpoint)
    if model is None:
        model = build(name, settings, text.vocabulary)
        rate = keras.optimizers.schedules.CosineDecay(
            settings["learning_rate"], steps * settings["epochs"], alpha=0.01
        )
        model.compile(
            keras.optimizers.Adam(rate, global_clipnorm=settings["clip_norm"]),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        )
    done = int(model.optimizer.iterations) // steps
    if done < settings["epochs"]:
        work.mkdir(parents=True, exist_ok=True)
        every = max(1, settings["epochs"] // SAMPLES)
        model.fit(
            TextWindows(ids, **shape, first_epoch=done),
            initial_epoch=done,
            epochs=settings["epochs"],
            shuffle=False,  # the windows come in an order that the seed and the epoch give
            verbose=0,
            callbacks=[
                EpochSeeds(seed),
                History(work / f"seed-{seed}.json", sample, every),
                TrainingLog(
                    run_folder(name, f"{work.name[-16:]}-seed-{seed}"),
                    TextWindows(ids, **shape)[0],
                    lambda: sample(model),
                    every,
                ),
                Checkpoint(checkpoint),
                FitProgress(f"{name} seed {seed}"),
            ],
        )
    return finished(model)


def _loaded(checkpoint):
    """The model of a checkpoint, None if there is none or it cannot be read any more."""
    if not checkpoint.is_file():
        return None
    try:
        return keras.saving.load_model(checkpoint)
    except Exception as problem:  # what Keras raises depends on where the file is damaged
        print(f"{checkpoint} is damaged ({first_line(problem)}): training anew", file=sys.stderr)
        return None


def sample(model):
    """What a text model writes by itself: the same random numbers at every epoch."""
    start = "\n" if "\n" in model.vocabulary.characters else model.vocabulary.characters[0]
    return model.generate(start, 300, temperature=0.8, seed=1)[1:]
