"""What the stage `model` writes: the weights of a model a seed, and what they are weights of.

    seed-<n>.weights.h5    a seed's weights
    config.json            the model's configuration, the same for all seeds
    history.json           the first seed's training, a row an epoch

Not `.keras`, which has a date: the same model is to have the same digest.
"""

import json
import shutil


def write_models(out, seeds, work, train):
    """Trains a model a seed and writes what this module's text says.

    Args:
        out: Path of the stage's folder.
        seeds: list of int.
        work: Path of the folder where the trainer keeps its checkpoints and histories.
        train: function from a seed to its trained model.
    """
    from rnnzoo.artifacts.keras_archive import without_addresses

    for seed in seeds:
        trained = train(seed)
        trained.save_weights(out / f"seed-{seed}.weights.h5")
    shutil.copy(work / f"seed-{seeds[0]}.json", out / "history.json")
    config = without_addresses(trained.get_config())
    (out / "config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")


def read_model(folder, seed, model_class):
    """The model of a seed, not compiled.

    Args:
        folder: Path of the stage's folder.
        seed: int.
        model_class: the task's class.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    model = model_class.from_config(config)
    model.load_weights(folder / f"seed-{seed}.weights.h5")
    return model


def read_history(folder):
    """The first seed's training: a list of dict, a row an epoch."""
    return json.loads((folder / "history.json").read_text(encoding="utf-8"))
