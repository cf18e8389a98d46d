"""Trains a forecaster by its recipe, and calibrates it."""

from rnnzoo.pipelines.core import trainer
from rnnzoo.rates.batches import SKIP, RateWindows
from rnnzoo.rates.build import build
from rnnzoo.rates.quantiles import QuantileLoss

# What a training is made of, besides name, rates and seed.
SETTINGS = (
    "data", "architecture", "units", "window", "batch_size", "epochs", "learning_rate", "clip_norm",
    "layers", "noise_std",
)  # fmt: skip


def train(name, settings, values, start, seed, work):
    """Returns the trained model of one seed; goes on where an earlier start left off.

    Args:
        name: str, the model's name.
        settings: dict, its complete recipe.
        values: array (time,), the rates of training and validation.
        start: int, the first row of validation, on which its intervals are calibrated.
        seed: int.
        work: Path of a folder for the checkpoint; a finished one is not trained again.

    Returns:
        `Forecaster`, not compiled.
    """

    def windows(first_epoch):
        length, batch_size = settings["window"], settings["batch_size"]
        return RateWindows(values[:start], length, batch_size, seed, first_epoch=first_epoch)

    model = trainer.train(
        name,
        settings,
        seed,
        work,
        build=lambda: build(name, settings),
        batches=windows,
        loss=QuantileLoss(SKIP),
    )
    shipped = model.finished()
    shipped.calibrate(values, start)
    return shipped
