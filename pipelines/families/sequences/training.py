"""Trains a sequence classifier by its recipe."""

from functools import partial

import keras

from rnnzoo.datasets.action3d.augmentation import augmented
from rnnzoo.pipelines.core import trainer
from rnnzoo.sequences import readers
from rnnzoo.sequences.batches import SequenceBatches
from rnnzoo.sequences.build import build
from rnnzoo.sequences.recipe import strengths

# What a training is made of, besides name, sequences and seed.
SETTINGS = (
    "data", "architecture", "units", "batch_size", "epochs", "learning_rate", "clip_norm", "layers",
    "noise_std", "steps", "bidirectional", "pool", "dropout", "input_dropout", "label_smoothing",
    "tilt", "turn", "limbs", "warp", "crop", "shake",
)  # fmt: skip


def train(name, settings, part, classes, reader, seed, work):
    """Returns the trained model of one seed; goes on where an earlier start left off.

    Args:
        name: str, the model's name.
        settings: dict, its complete recipe.
        part: `Labelled`, what it learns from.
        classes: list of str.
        reader: dict, as `SequenceClassifier` takes it.
        seed: int.
        work: Path of a folder for the checkpoint; a finished one is not trained again.

    Returns:
        `SequenceClassifier`, not compiled.
    """
    strength = strengths(settings)

    def change(joints, numbers):
        return augmented(joints, numbers, **strength)

    def untrained():
        model = build(name, settings, classes, reader)
        model.standardized.adapt([model.reader.read(one) for one in part.sequences])
        return model

    batches = partial(
        SequenceBatches,
        part.sequences,
        part.numbers(classes),
        len(classes),
        readers.reader_of(dict(reader)).read,
        settings["batch_size"],
        seed,
        change=change if strength else None,
    )
    model = trainer.train(
        name,
        settings,
        seed,
        work,
        build=untrained,
        batches=lambda first: batches(first_epoch=first),
        loss=keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=settings["label_smoothing"]
        ),
    )
    return model.finished()
