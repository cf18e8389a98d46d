"""`rnnzoo finetune`: a pretrained model is trained further on a user's own data."""

import math
import shlex
import shutil
from pathlib import Path

import keras

import rnnzoo
from rnnzoo.datasets.common.atomic_write import remove_partials
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.locks import folder_lock
from rnnzoo.destination import check_task, free_name, writable
from rnnzoo.evaluation import is_better, verdict
from rnnzoo.families import family_of
from rnnzoo.origin import Origin
from rnnzoo.pipelines.core import best_epoch, fine_tuning
from rnnzoo.pipelines.core.card import card_of
from rnnzoo.pipelines.core.resumable import resumable
from rnnzoo.pipelines.core.training import work_folder
from rnnzoo.pipelines.export.artifact import push
from rnnzoo.registry import info, located
from rnnzoo.training_logs import new_run_folder


def finetune(
    base, data, name, root, epochs=10, learning_rate=1e-3, seed=0, data_options=None,
    *, require_better=False,
):  # fmt: skip
    """Fine-tunes a model on a user's data and pushes the result.

    It is trained on the training split until the loss of the validation split has not improved for
    two epochs; the weights of the best epoch are restored. Each epoch has a checkpoint, from which
    a second call with the same arguments continues until the result is pushed.

    Args:
        base: str, name of a pretrained model.
        data: path, in the form that the model's family reads.
        name: str, the name of the result.
        root: folder of models to push to.
        epochs: int, at most.
        learning_rate: float, of Adam.
        seed: int.
        data_options: dict, how the data are read: see `FamilyEntry.data_options`.
        require_better: bool, whether a result that is not better than `base` on the test split is
            refused.

    Returns:
        (Path of the artifact, dict card); `card["metrics"]["before"]` has the figures of `base`.

    Raises:
        InputError: names the argument that is refused, and nothing is written then; or the result
            is not better.
    """
    free_name(name)
    located(base)
    if epochs < 1:
        raise InputError(f"epochs={epochs}: give 1 or more")
    if not 0 < learning_rate < math.inf:
        raise InputError(f"learning_rate={learning_rate}: give a number above 0")
    if not 0 <= seed < 2**32:
        raise InputError(f"seed={seed}: give 0 or more, below {2**32}")
    card = info(base)
    entry, data_options = family_of(card["task"]), data_options or {}
    family = entry.load_pipeline()
    dataset = family.user_dataset(data, card, **data_options)
    root = writable(root)
    check_task(name, card["task"], root)

    settings = {"epochs": epochs, "learning_rate": learning_rate, "seed": seed}
    origin = Origin.of(card)
    work = work_folder(name, {**origin.fields(), **settings}, dataset.sha256, family.version)
    with folder_lock(work):
        remove_partials(work)  # of a killed training
        with resumable(lambda: best_epoch.epochs_in(work)):
            keras.utils.set_random_seed(seed)
            model = family.adapt(rnnzoo.load(base), dataset)
            before = family.figures(model, dataset)
            run = f"from-{base.replace('/', '-')}-seed-{seed}"
            history = fine_tuning.fit(
                model,
                *family.finetune_batches(model, dataset, seed),
                family.sample,
                lambda folder, every: family.callbacks(dataset, folder, every),
                work,
                folder=new_run_folder(name, run, resumed=best_epoch.epochs_in(work) > 0),
                label=f"{name} from {base}",
                **settings,
            )
            family.after_fit(model, dataset)
            result = family.evaluate(lambda part="": {str(seed): model}, dataset, None)
        metrics = {"unit": family.unit, "seed": seed, **result.figures[str(seed)]}
        metrics |= {"before": before, **result.metrics}
        if require_better and not is_better(before["test"], metrics["test"]):
            raise InputError(f"not pushed: {verdict(metrics)}")
        with resumable(lambda: best_epoch.epochs_in(work)):
            data = [Path(data).name, *entry.as_arguments(data_options)]
            fields = _fields(name, base, origin, family.kind, data, settings)
            new = card_of(
                family, model, dataset, fields, metrics=metrics, baselines=result.baselines
            )
            pushed = push(model, new, family.golden_inputs(model, dataset), root, history)
        shutil.rmtree(work)
    return pushed


def _fields(name, base, origin, kind, data, settings):
    """The card's fields on the origin of a fine-tuned model.

    Args:
        name, base: str, as for `finetune`.
        origin: `Origin`, of `base`.
        kind: str, see `rnnzoo.pipelines.core.family.Family`.
        data: list of str, the name of the data's file or folder, and the options of its reading.
        settings: dict from the name of an option to its value.
    """
    file, command = data[0], ["rnnzoo", "finetune", base, "--data", *data, "--name", name]
    for option, value in settings.items():
        text = f"{value:g}" if isinstance(value, float) else str(value)
        command += [f"--{option.replace('_', '-')}", text]
    return {
        "name": name,
        "title": f"{base} fine-tuned on {file}",
        "source": {"file": file, "licence": "its owner's"},
        "licence": origin.licence_with(kind),
        **origin.inherited(),
        "base": origin.fields(),
        "command": shlex.join(command),
    }
