"""Loads and verifies artifacts: `rnnzoo.load` and `rnnzoo.verify`."""

import os

import keras
import numpy as np

from rnnzoo.artifacts import read_card, verify_files
from rnnzoo.artifacts.digest import content_digest
from rnnzoo.artifacts.model import load_model, read_golden
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import described, reason_of
from rnnzoo.families import family_of
from rnnzoo.keras_file import is_file, load_file
from rnnzoo.origin import Origin
from rnnzoo.registry import located

# The golden outputs were computed on another machine: float32 sums in another order.
TOLERANCE = 1e-4


def load(name):
    """See `rnnzoo.load`."""
    if is_file(name):
        return load_file(name)
    return load_verified(located(name))


def load_verified(folder):
    """As `rnnzoo.load`, of an artifact's folder."""
    verify_files(folder)
    model = load_folder(folder).compile_default()
    model.origin = Origin.of(read_card(folder))
    return model


def load_folder(folder):
    """The model in an artifact's folder, not compiled. The caller verifies the hashes.

    Raises:
        InputError: it cannot be loaded in safe mode, or is not of the task that its card names.
    """
    task = read_card(folder)["task"]
    task_class = family_of(task).load_task_class()
    try:
        model = load_model(folder)
    except InputError:
        raise
    except Exception as problem:  # what Keras raises depends on what is wrong
        if os.environ.get("RNNZOO_DEBUG"):
            raise
        reason = described(problem) if isinstance(problem, OSError) else reason_of(problem)
        raise InputError(f"{folder} cannot be loaded safely: {reason}") from problem
    if not isinstance(model, task_class):
        raise InputError(f"{folder} is a {type(model).__name__}, its card says {task}")
    return model


def verify(name):
    """See `rnnzoo.verify`."""
    return verify_folder(located(name))


def verify_folder(folder):
    """As `rnnzoo.verify`, of an artifact's folder."""
    try:
        return _verified(folder)
    except (InputError, OSError):
        raise
    except Exception as problem:  # as in `load_folder`: golden tensors and exports hold anything
        if os.environ.get("RNNZOO_DEBUG"):
            raise
        raise InputError(f"{folder} cannot be verified: {reason_of(problem)}") from problem


def _verified(folder):
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
        "golden_difference": golden_difference(folder, f"the Keras model of {folder}", model),
        "served_difference": golden_difference(folder, f"the export of {folder}", served(folder)),
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


def golden_difference(folder, title, model):
    """Largest difference between the golden outputs and what a model predicts now.

    Args:
        folder: Path of the artifact with the golden tensors.
        title: str, the model in an error message.
        model: function from inputs to outputs.

    Raises:
        InputError: it is above `TOLERANCE`, or the golden tensors cannot be read.
    """
    golden = read_golden(folder)
    outputs = keras.ops.convert_to_numpy(model(golden["inputs"]))
    if outputs.shape != golden["outputs"].shape:
        raise InputError(
            f"{title} has outputs of the shape {outputs.shape}: "
            f"{golden['outputs'].shape} is that of the golden outputs"
        )
    difference = float(np.abs(outputs - golden["outputs"]).max())
    if not difference <= TOLERANCE:
        raise InputError(
            f"{title} differs from the golden outputs by {difference:.2g}: "
            f"at most {TOLERANCE:g} is accepted"
        )
    return difference
