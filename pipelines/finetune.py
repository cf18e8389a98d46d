"""`rnnzoo finetune`: a pretrained model is trained further on a user's own data."""

import math
import shlex
from pathlib import Path

import keras

import rnnzoo
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.destination import check_task, free_name, writable
from rnnzoo.families import family_of
from rnnzoo.layers.callbacks.fit_progress import FitProgress
from rnnzoo.layers.callbacks.training_log import TrainingLog
from rnnzoo.origin import Origin
from rnnzoo.pipelines.core.card import card_of
from rnnzoo.pipelines.core.training import sample_interval
from rnnzoo.pipelines.export.artifact import push
from rnnzoo.registry import info, located
from rnnzoo.training_logs import new_run_folder


def finetune(base, data, name, root, epochs=10, learning_rate=1e-3, seed=0, data_options=None):
    """Fine-tunes a model on a user's data and pushes the result.

    It is trained on the training split until the loss of the validation split has not improved for
    two epochs; the weights of the best epoch are restored.

    Args:
        base: str, name of a pretrained model.
        data: path, in the form that the model's family reads.
        name: str, the name of the result.
        root: folder of models to push to.
        epochs: int, at most.
        learning_rate: float, of Adam.
        seed: int.
        data_options: dict, how the data are read: see `FamilyEntry.data_options`.

    Returns:
        (Path of the artifact, dict card).

    Raises:
        InputError: names the argument that is refused; nothing is written then.
    """
    free_name(name)
    located(base)
    if epochs < 1:
        raise InputError(f"epochs={epochs}: give 1 or more")
    if not 0 < learning_rate < math.inf:
        raise InputError(f"learning_rate={learning_rate}: give a number above 0")
    if seed < 0:
        raise InputError(f"seed={seed}: give 0 or more")
    card = info(base)
    entry, data_options = family_of(card["task"]), data_options or {}
    family = entry.load_pipeline()
    dataset = family.user_dataset(data, card, **data_options)
    root = writable(root)
    check_task(name, card["task"], root)

    keras.utils.set_random_seed(seed)
    model = family.adapt(rnnzoo.load(base), dataset)
    before = family.figures(model, dataset)
    run = new_run_folder(name, f"from-{base.replace('/', '-')}-seed-{seed}")
    history = _fit(
        model,
        *family.finetune_batches(model, dataset, seed),
        family.sample,
        lambda folder, every: family.callbacks(dataset, folder, every),
        epochs=epochs,
        learning_rate=learning_rate,
        folder=run,
        label=f"{name} from {base}",
    )
    family.after_fit(model, dataset)
    result = family.evaluate(lambda part="": {str(seed): model}, dataset, None)

    file, origin = Path(data).name, Origin.of(card)
    command = ["rnnzoo", "finetune", base, "--data", file, *entry.as_arguments(data_options)]
    command += ["--name", name]
    command += ["--epochs", str(epochs), "--learning-rate", f"{learning_rate:g}"]
    fields = {
        "name": name,
        "title": f"{base} fine-tuned on {file}",
        "source": {"file": file, "licence": "its owner's"},
        "licence": origin.licence_with(family.kind),
        "base": origin.fields(),
        "command": shlex.join([*command, "--seed", str(seed)]),
    }
    metrics = {"unit": family.unit, "seed": seed, **result.figures[str(seed)]}
    card = card_of(
        family,
        model,
        dataset,
        fields,
        metrics={**metrics, "before": before, **result.metrics},
        baselines=result.baselines,
    )
    return push(model, card, family.golden_inputs(model, dataset), root, history)


def _fit(model, batches, validation, sample, callbacks, *, epochs, learning_rate, folder, label):
    """The history of a fine-tuning: a list of dict, a row per epoch.

    Args:
        model: a compiled task model.
        batches: `keras.utils.PyDataset` to train on.
        validation: validation batches, for early stopping.
        sample: function from the model to a str, or None.
        callbacks: function from the folder of the event files and the epochs between two samples
            to a list of the family's callbacks.
        epochs: int, at most.
        learning_rate: float.
        folder: Path of the event files.
        label: str, shown with the progress.
    """
    model.optimizer.learning_rate = learning_rate
    every = sample_interval(epochs)
    fitted = model.fit(
        batches,
        validation_data=validation,
        epochs=epochs,
        shuffle=False,
        verbose=0,
        callbacks=[
            keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True),
            TrainingLog(folder, batches[0], sample and (lambda: sample(model)), every),
            *callbacks(folder, every),
            FitProgress(label),
        ],
    )
    columns = fitted.history
    history = [
        {"epoch": i + 1, **{key: column[i] for key, column in columns.items()}}
        for i in range(len(columns["loss"]))
    ]
    if sample is not None:
        history[-1]["sample"] = sample(model)
    return history
