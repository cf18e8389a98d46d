"""Trains a frame model by its recipe."""

from rnnzoo.frames.batches import FrameWindows
from rnnzoo.frames.build import build
from rnnzoo.pipelines.core import trainer
from rnnzoo.pipelines.families.frames.rollout_log import RolloutLog

# What a training is made of, besides name, frames and seed.
SETTINGS = (
    "data", "architecture", "units", "window", "batch_size", "epochs", "learning_rate", "clip_norm",
    "layers", "noise_std", "interval_weight", "rms_weight", "encoder", "decoder", "patch",
    "objects", "radius", "hidden", "loss", "free_run", "free_run_epochs", "free_run_learning_rate",
)  # fmt: skip


def train(name, settings, frames, shown, seed, work):
    """Returns the trained model of one seed; goes on where an earlier start left off.

    First it sees every frame; then, where the recipe has `free_run_epochs`, it does not see the
    last `free_run` frames of each window: see `FramePredictor`.

    Args:
        name: str, the model's name.
        settings: dict, its complete recipe.
        frames: array (sequences, steps, height, width), 0 to 1, to learn from.
        shown: array alike, sequences whose rollouts TensorBoard shows.
        seed: int.
        work: Path of a folder for the checkpoint; a finished one is not trained again.

    Returns:
        `FramePredictor`, not compiled.
    """

    def windows(first_epoch):
        length, batch_size = settings["window"], settings["batch_size"]
        return FrameWindows(frames, length, batch_size, seed, first_epoch=first_epoch)

    def by(settings, work, build):
        return trainer.train(
            name,
            settings,
            seed,
            work,
            build=build,
            batches=windows,
            loss=settings["loss"],
            callbacks=lambda folder, every: [RolloutLog(folder, shown, every)],
        )

    model = by(settings, work, lambda: build(name, settings, frames.shape[2:]))
    if settings["free_run_epochs"]:
        alone = settings | {
            "epochs": settings["free_run_epochs"],
            "learning_rate": settings["free_run_learning_rate"],
        }
        model = by(alone, free_run_folder(work), lambda: _on_its_own(model, settings["free_run"]))
    return model.finished()


def free_run_folder(work):
    """Where the second part of a training has its checkpoints, beside those of the first."""
    return work.with_name(f"{work.name}-free-run")


def _on_its_own(model, free_run):
    copy = type(model).from_config({**model.get_config(), "free_run": free_run})
    copy.set_weights(model.get_weights())
    return copy
