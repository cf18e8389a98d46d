"""`rnnzoo finetune`: a pretrained text model goes on learning on a user's own text."""

import math
import shlex
from pathlib import Path

import keras

import rnnzoo
from rnnzoo.datasets.char_text.load import load_char_text
from rnnzoo.datasets.errors import InputError
from rnnzoo.datasets.splits import SHARES
from rnnzoo.datasets.text_file import read_text
from rnnzoo.layers.fit_progress import FitProgress
from rnnzoo.layers.training_log import TrainingLog
from rnnzoo.pipelines.destination import free_name, writable
from rnnzoo.pipelines.pusher import push
from rnnzoo.pipelines.text.card import text_card
from rnnzoo.pipelines.text.evaluator import nats, ngram_nats
from rnnzoo.pipelines.text.model_stages import GOLDEN
from rnnzoo.pipelines.text.training import sample
from rnnzoo.pipelines.training_logs import run_folder
from rnnzoo.registry import info, located

WINDOW = 100
BATCH = 16


def finetune_text(base, data, name, root, epochs=10, learning_rate=1e-3, seed=0):
    """Fine-tunes a text model on a file and pushes the result.

    The first 90% of the text is learned from; the validation split ends the
    training when it has not improved for two epochs, and the best epoch stays.

    Args:
        base: str, name of a pretrained text model.
        data: path of a UTF-8 file.
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
    whole = read_text(data)
    needed = math.ceil((WINDOW + 1) / SHARES["train"])
    if len(whole) < needed:
        raise InputError(
            f"{data} has {len(whole)} characters: a window of {WINDOW} characters and "
            f"the splits for validation and test need at least {needed}"
        )
    root = writable(root)

    keras.utils.set_random_seed(seed)
    text = load_char_text(text=whole)
    model = rnnzoo.load(base).with_vocabulary_of(whole)
    before = nats(model, text)
    model.optimizer.learning_rate = learning_rate
    windows = model.windows(text.train, WINDOW, BATCH, seed)
    fitted = model.fit(
        windows,
        validation_data=model.windows(
            text.validation, min(WINDOW, len(text.validation) - 1), BATCH, shuffle=False
        ),
        epochs=epochs,
        shuffle=False,
        verbose=0,
        callbacks=[
            keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True),
            TrainingLog(
                run_folder(name, f"from-{base.replace('/', '-')}-seed-{seed}"),
                windows[0],
                lambda: sample(model),
            ),
            FitProgress(f"{name} from {base}"),
        ],
    )
    base_card = info(base)
    command = ["rnnzoo", "finetune", base, "--data", Path(data).name, "--name", name]
    command += ["--epochs", str(epochs), "--learning-rate", f"{learning_rate:g}"]
    card = text_card(
        name,
        f"{base} fine-tuned on {Path(data).name}",
        model,
        text,
        {"file": Path(data).name, "licence": "its owner's"},
        licence=f"of {base}: {base_card['licence']}; of the text: its owner's",
        base={key: base_card[key] for key in ("name", "version", "content_digest")},
        command=shlex.join([*command, "--seed", str(seed)]),
        metrics={"unit": "nats a character", "seed": seed, **nats(model, text), "before": before},
        baselines={"ngram": ngram_nats(text)},
    )
    columns = fitted.history
    history = [
        {"epoch": i + 1, **{key: column[i] for key, column in columns.items()}}
        for i in range(len(columns["loss"]))
    ]
    history[-1]["sample"] = sample(model)
    golden = model.vocabulary.encode(text.validation[:GOLDEN])[None]
    return push(model, card, golden, root, history)
