"""Trains an imputer by its recipe."""

from rnnzoo.audio.build import build, finished
from rnnzoo.datasets.spectrogram_windows import SpectrogramWindows
from rnnzoo.pipelines import trainer
from rnnzoo.pipelines.audio.restoration_log import RestorationLog

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

    def windows(first_epoch):
        return SpectrogramWindows(
            pieces,
            settings["window"],
            settings["batch_size"],
            settings["windows"],
            seed,
            first_epoch=first_epoch,
        )

    model = trainer.train(
        name,
        settings,
        seed,
        work,
        build=lambda: build(name, settings),
        batches=windows,
        loss="mse",
        callbacks=lambda folder, every: [RestorationLog(folder, shown, every)],
    )
    return finished(model)
