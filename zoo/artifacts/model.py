"""The model of an artifact: `model.json`, and the weights in the SavedModel's `variables/`.

`model.json` has

    keras_version   the Keras that wrote it
    config          what Keras rebuilds the model from
    weights         from the name of each weight in a `.keras` file to the key of its tensor in the
                    checkpoint `variables/`

So each weight is stored once, where TensorFlow Serving reads it.
"""

import json
import shutil
import tempfile
from pathlib import Path

import numpy as np

from rnnzoo.artifacts.keras_archive import KerasArchive, read_archive, write_archive
from rnnzoo.artifacts.layout import GOLDEN, GRAPH, MODEL, VARIABLES
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import system_reason


def load_model(folder):
    """Returns the `keras.Model` of an artifact, not compiled, loaded in Keras's safe mode.

    Raises:
        InputError: `model.json` or `variables/` cannot be read, or do not fit together.
        Exception: what Keras raises for a configuration that it rejects.
    """
    import keras

    archive = read_model(folder)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "model.keras"
        write_archive(archive, path)
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    # Keras ignores a weight that it has no use for, and may only warn of one that is missing.
    loaded = [_content(keras.ops.convert_to_numpy(weight)) for weight in model.weights]
    if sorted(loaded) != sorted(map(_content, archive.weights.values())):
        raise InputError(
            f"{folder / MODEL} does not list the weights of its configuration: "
            "fetch the model again"
        )
    return model


def read_model(folder):
    """Returns the `KerasArchive` of an artifact.

    Raises:
        InputError: `model.json` or `variables/` cannot be read, or do not fit together.
    """
    path = folder / MODEL
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
        version, config = str(description["keras_version"]), dict(description["config"])
        keys = {str(name): str(key) for name, key in description["weights"].items()}
    except FileNotFoundError:
        raise InputError(f"{path} is missing: fetch the model again") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise InputError(f"{path} does not describe a model: fetch the model again") from None
    tensors = _tensors(folder)
    for name, key in keys.items():
        if key not in tensors:
            raise InputError(
                f"{path} says that {name} is {key!r}, which {folder / VARIABLES} does not have: "
                "fetch the model again"
            )
    return KerasArchive(version, config, {name: tensors[key] for name, key in keys.items()})


def write_model(model, folder):
    """Writes `model.json` of a model whose SavedModel is in the folder already.

    Raises:
        ValueError: the SavedModel lacks one of the model's weights.
    """
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "model.keras"
        model.save(path)
        describe(read_archive(path), folder)


def describe(archive, folder):
    """Writes `model.json` of a `KerasArchive` whose weights are in the folder's `variables/`.

    Raises:
        ValueError: a weight is not in `variables/`.
    """
    # A tensor of the same content is the same weight: nothing depends on the order of an export.
    keys = {}
    for key, tensor in sorted(_tensors(folder).items()):
        keys.setdefault(_content(tensor), key)
    for name, array in archive.weights.items():
        if _content(array) not in keys:
            raise ValueError(f"{folder / VARIABLES} lacks the weight {name}: export all weights")
    description = {
        "keras_version": archive.keras_version,
        "config": archive.config,
        "weights": {name: keys[_content(array)] for name, array in archive.weights.items()},
    }
    text = json.dumps(description, indent=1, ensure_ascii=False) + "\n"
    (folder / MODEL).write_text(text, encoding="utf-8")


def _tensors(folder):
    """The tensors of a SavedModel's checkpoint: dict from key to array."""
    import tensorflow as tf

    try:
        reader = tf.train.load_checkpoint(str(folder / VARIABLES / "variables"))
        types = reader.get_variable_to_dtype_map()
        # The one string is the graph of objects that TensorFlow restores a SavedModel by.
        return {
            key: np.asarray(reader.get_tensor(key))
            for key, dtype in types.items()
            if dtype != tf.string
        }
    except (tf.errors.OpError, ValueError, RuntimeError, IndexError) as problem:
        reason = system_reason(problem) or "fetch the model again"
        raise InputError(f"{folder / VARIABLES} cannot be read: {reason}") from problem


def _content(array):
    return array.dtype.str, array.shape, array.tobytes()


def copy_saved_model(folder, path):
    """Copies the SavedModel of an artifact to a new folder."""
    shutil.copytree(folder / VARIABLES, path / VARIABLES)
    shutil.copy(folder / GRAPH, path)


def read_golden(folder):
    """The golden tensors of an artifact: dict of arrays `inputs` and `outputs`.

    Raises:
        InputError: they cannot be read.
    """
    path = folder / GOLDEN
    try:
        with np.load(path, allow_pickle=False) as golden:
            arrays = {name: golden[name] for name in golden.files}
        if missing := {"inputs", "outputs"} - arrays.keys():
            raise KeyError(*missing)
    except Exception as problem:  # NumPy and zipfile raise what they happen to
        reason = system_reason(problem) or "fetch the model again"
        raise InputError(f"{path} cannot be read: {reason}") from problem
    return arrays


def write_golden(folder, inputs, outputs):
    """Writes golden tensors."""
    np.savez(folder / GOLDEN, inputs=inputs, outputs=outputs)
