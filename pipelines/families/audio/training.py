"""Trains an imputer by its recipe."""

import keras

from rnnzoo.audio.batches import SpectrogramWindows
from rnnzoo.audio.build import build
from rnnzoo.pipelines.core import trainer
from rnnzoo.pipelines.families.audio.prepared_windows import PreparedWindows
from rnnzoo.pipelines.families.audio.restoration_log import RestorationLog

# What a training is made of, besides name, music and seed.
SETTINGS = (
    "architecture", "units", "bidirectional", "window", "windows", "batch_size", "epochs",
    "learning_rate", "clip_norm", "layers", "noise_std", "interval_weight", "rms_weight",
)  # fmt: skip


def train(name, settings, pieces, shown, seed, work):
    """Returns the trained model of one seed; goes on where an earlier start left off.

    Args:
        name: str, the model's name.
        settings: dict, its complete recipe.
        pieces: list of arrays (columns, 129), magnitudes to learn from.
        shown: float array (n,), samples of music whose restoration TensorBoard shows and plays.
        seed: int.
        work: Path of a folder for the checkpoint; a finished one is not trained again.

    Returns:
        `SpectrogramImputer`, not compiled.
    """

    length, count, size = (settings[one] for one in ("window", "windows", "batch_size"))

    def windows(first_epoch):
        return SpectrogramWindows(pieces, length, size, count, seed, first_epoch=first_epoch)

    def fitted(build, batches, imputer):
        return trainer.train(
            name,
            settings,
            seed,
            work,
            build=build,
            batches=batches,
            loss="mse",
            callbacks=lambda folder, every: [RestorationLog(folder, shown, imputer, every)],
        )

    if not settings["bidirectional"]:
        return fitted(lambda: build(name, settings), windows, lambda model: model).finished()

    # What it sees of both sides takes longer than all its layers, and is the same in every epoch.
    keras.utils.set_random_seed(seed)
    model = build(name, settings)
    # Zeros after the end of short pieces would be learned from as silence.
    shortened = min(length, max(len(one) for one in pieces))
    one_by_one = SpectrogramWindows(pieces, shortened, 1, count, seed)
    prepared = PreparedWindows(model.before, one_by_one, size, seed)

    def crops(first_epoch):
        prepared.epoch = first_epoch
        return prepared

    def imputer(core):
        model.core.set_weights(core.get_weights())
        return model

    return imputer(fitted(lambda: model.core, crops, imputer)).finished()
