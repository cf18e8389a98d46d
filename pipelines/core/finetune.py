"""`rnnzoo finetune`: a pretrained model goes on learning on a user's own data.

The module `finetune` of the model's family says how:

    read(path, base)    -> the data, in a form of the family's own; `base` is the model's card
    finetuned(model, data, words, seed, fit)
                        -> (model, card, golden inputs, history), what `push` takes
"""

import functools
import math
import shlex
from pathlib import Path

import keras

import rnnzoo
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.layers.callbacks.fit_progress import FitProgress
from rnnzoo.layers.callbacks.training_log import TrainingLog
from rnnzoo.pipelines.core.destination import free_name, writable
from rnnzoo.pipelines.core.families import module_of
from rnnzoo.pipelines.core.training_logs import run_folder
from rnnzoo.pipelines.stages.pusher import push
from rnnzoo.registry import info, located


def finetune(base, data, name, root, epochs=10, learning_rate=1e-3, seed=0):
    """Fine-tunes a model on a user's data and pushes the result.

    The training split is learned from; the validation split ends the training when it
    has not improved for two epochs, and the best epoch stays.

    Args:
        base: str, name of a pretrained model.
        data: path, in the form that the model's family reads.
        name: str, what to call the result.
        root: folder of models to push to.
        epochs: int, at most.
        learning_rate: float, of Adam.
        seed: int.

    Returns:
        (Path of the artifact, dict card).

    Raises:
        InputError: names the argument that cannot be used; nothing has been written then.
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
    family = module_of(card["task"], "finetune")
    given = family.read(data, card)
    root = writable(root)

    keras.utils.set_random_seed(seed)
    file, kind = Path(data).name, module_of(card["task"], "family").DATA
    command = ["rnnzoo", "finetune", base, "--data", file, "--name", name]
    command += ["--epochs", str(epochs), "--learning-rate", f"{learning_rate:g}"]
    words = {
        "name": name,
        "title": f"{base} fine-tuned on {file}",
        "source": {"file": file, "licence": "its owner's"},
        "licence": f"of {base}: {card['licence']}; of the {kind}: its owner's",
        "base": {key: card[key] for key in ("name", "version", "content_digest")},
        "command": shlex.join([*command, "--seed", str(seed)]),
    }
    fit = functools.partial(
        _fit,
        epochs=epochs,
        learning_rate=learning_rate,
        folder=run_folder(name, f"from-{base.replace('/', '-')}-seed-{seed}"),
        label=f"{name} from {base}",
    )
    model, card, golden, history = family.finetuned(rnnzoo.load(base), given, words, seed, fit)
    return push(model, card, golden, root, history)


def _fit(model, batches, validation, sample=None, *, epochs, learning_rate, folder, label):
    """The history of a fine-tuning: a list of dict, a row an epoch.

    Args:
        model: a compiled task model.
        batches: `keras.utils.PyDataset` to learn from.
        validation: one to stop by.
        sample: function from the model to a str, what it makes by itself; or None.
        epochs: int, at most.
        learning_rate: float.
        folder: Path of the event files.
        label: str to show beside the progress.
    """
    model.optimizer.learning_rate = learning_rate
    fitted = model.fit(
        batches,
        validation_data=validation,
        epochs=epochs,
        shuffle=False,
        verbose=0,
        callbacks=[
            keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True),
            TrainingLog(folder, batches[0], sample and (lambda: sample(model))),
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
