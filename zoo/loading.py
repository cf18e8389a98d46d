"""Turns a verified artifact into a model: what `rnnzoo.load` and `rnnzoo.verify` do."""

import os

import keras
import numpy as np

from rnnzoo.artifacts import read_card, verify_files
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.digest import content_digest
from rnnzoo.families import families
from rnnzoo.registry import located

# Recorded outputs come from another machine: float32 sums in another order.
TOLERANCE = 1e-4


def load(name):
    """See `rnnzoo.load`."""
    folder = located(name)
    verify_files(folder)
    return load_folder(folder).compile_default()


def load_folder(folder):
    """The model in an artifact's folder, not compiled; its hashes are the caller's to check.

    Raises:
        InputError: it is not a model of the task that its card names, or not a safe one.
    """
    task = read_card(folder)["task"]
    if task not in families():
        raise InputError(f"{folder} has the unknown task {task!r}: update rnnzoo")
    task_class = families()[task].load_task_class()
    try:
        path = folder / "model.keras"
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as problem:  # what Keras raises depends on what is wrong with the file
        if os.environ.get("RNNZOO_DEBUG"):
            raise
        raise InputError(f"{path} cannot be loaded safely: {first_line(problem)}") from problem
    if not isinstance(model, task_class):
        raise InputError(f"{path} is a {type(model).__name__}, its card says {task}")
    return model


def first_line(problem):
    """What an exception says, in one line."""
    return (str(problem).strip() or type(problem).__name__).splitlines()[0]


def verify(name):
    """See `rnnzoo.verify`."""
    folder = located(name)
    checked = verify_files(folder)
    card = read_card(folder)
    model = load_folder(folder)
    digest = content_digest(folder)
    if digest != card.get("content_digest"):
        raise InputError(f"{folder} has the content digest {digest}, its card says another")
    return {
        "name": card["name"],
        "version": card["version"],
        "path": str(folder),
        "files": checked,
        "content_digest": digest,
        "golden_difference": golden_difference(folder, folder / "model.keras", model),
        "served_difference": golden_difference(folder, folder / "saved_model.pb", served(folder)),
    }


def served(folder):
    """The export's signature `model` as a function from inputs to outputs."""
    import tensorflow as tf

    loaded = tf.saved_model.load(folder)

    def call(inputs):
        # `loaded` owns the weights: it has to outlive its signature.
        signature = loaded.signatures["model"]
        (name,) = signature.structured_input_signature[1]
        (output,) = signature(**{name: tf.constant(inputs)}).values()
        return output

    return call


def golden_difference(folder, called, model):
    """Largest difference between the recorded outputs and what `model` answers today.

    Args:
        folder: Path of the artifact with the golden tensors.
        called: what a message calls `model`.
        model: function from inputs to outputs.

    Raises:
        InputError: it is above `TOLERANCE`.
    """
    with np.load(folder / "golden.npz", allow_pickle=False) as golden:
        inputs, outputs = golden["inputs"], golden["outputs"]
    answer = model(inputs)
    difference = float(np.abs(keras.ops.convert_to_numpy(answer) - outputs).max())
    if not difference <= TOLERANCE:
        raise InputError(
            f"{called} answers {difference:.2g} away from the golden outputs, "
            f"at most {TOLERANCE:g} is accepted"
        )
    return difference
