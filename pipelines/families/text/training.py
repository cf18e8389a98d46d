"""Trains a text model by its recipe."""

import keras

from rnnzoo.pipelines.core import trainer
from rnnzoo.text.batches import TextWindows
from rnnzoo.text.build import build


def train(name, settings, text, seed, work):
    """Returns the trained model of one seed; goes on where an earlier start left off.

    Args:
        name: str, the model's name.
        settings: dict, its complete recipe.
        text: `CharText`.
        seed: int.
        work: Path of a folder for the checkpoint; a finished one is not trained again.

    Returns:
        `TextGenerator`, not compiled.
    """
    ids = text.vocabulary.encode(text.train)

    def windows(first_epoch):
        length, batch_size = settings["window"], settings["batch_size"]
        return TextWindows(ids, length, batch_size, seed, first_epoch=first_epoch)

    trained = trainer.train(
        name,
        settings,
        seed,
        work,
        build=lambda: build(name, settings, text.vocabulary),
        batches=windows,
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        sample=sample,
    )
    return trained.finished()


def sample(model):
    """What a text model writes by itself: the same random numbers at every epoch."""
    start = "\n" if "\n" in model.vocabulary.characters else model.vocabulary.characters[0]
    return model.generate(start, 300, temperature=0.8, seed=1)[1:]
