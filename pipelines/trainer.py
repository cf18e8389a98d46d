"""Trains a text model by its recipe, in steps that an interruption does not lose."""

import os
from pathlib import Path

import keras

from rnnzoo.datasets.text_windows import TextWindows
from rnnzoo.layers.fit_progress import FitProgress
from rnnzoo.text.build import build


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
        settings: dict, its recipe.
        text: `CharText`.
        seed: int.
        work: Path of a folder for the checkpoint; a finished one is not trained again.

    Returns:
        `TextGenerator`.
    """
    keras.utils.set_random_seed(seed)
    ids = text.vocabulary.encode(text.train)
    shape = {"length": settings["window"], "batch_size": settings["batch_size"], "seed": seed}
    steps = len(TextWindows(ids, **shape))
    checkpoint = work / f"seed-{seed}.keras"
    if checkpoint.is_file():
        model = keras.saving.load_model(checkpoint)
    else:
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
        model.fit(
            TextWindows(ids, **shape, first_epoch=done),
            initial_epoch=done,
            epochs=settings["epochs"],
            shuffle=False,  # the windows come in an order that the seed and the epoch give
            verbose=0,
            callbacks=[Checkpoint(checkpoint), FitProgress(f"{name} seed {seed}")],
        )
    return model
