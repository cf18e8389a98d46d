"""`rnnzoo.save`: makes a model of the zoo from a task model of the user's."""

import os

import keras
import numpy as np

from rnnzoo.artifacts import models_dir
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import reason_of
from rnnzoo.destination import check_task, free_name, writable
from rnnzoo.families import families

# Signatures have float32 inputs, outputs and states.
OTHER_FLOATS = ("float16", "bfloat16", "float64")


def save(model, name, out=None, *, title=None, licence=None):
    """See `rnnzoo.save`."""
    family = _family(model)
    free_name(name)
    _check_weights(model)
    backend = keras.backend.backend()
    if backend != "tensorflow":
        raise InputError(
            f"models are exported with TensorFlow, the backend is {backend}: save a .keras file "
            "with `model.save`, and load and save that with KERAS_BACKEND=tensorflow"
        )
    root = writable(out or models_dir())
    check_task(name, type(model).__name__, root)
    try:
        folder, _ = family.save(model, name, root, title, licence)
    except (InputError, OSError):
        raise
    except Exception as problem:  # what TensorFlow raises depends on what cannot be exported
        if os.environ.get("RNNZOO_DEBUG"):
            raise
        raise InputError(f"{model.name} cannot be exported: {reason_of(problem)}") from problem
    return folder


def _family(model):
    """The `Family` of a task model."""
    task, entries = type(model).__name__, families()
    if task not in entries or not isinstance(model, entries[task].load_task_class()):
        raise InputError(
            f"{getattr(model, 'name', model)!r} is a {task}: give a model of a task, one of "
            f"{', '.join(sorted(entries))}; `model.save` saves other Keras models"
        )
    return entries[task].load_pipeline()


def _check_weights(model):
    if not model.built:
        raise InputError(f"{model.name!r} has no weights yet: call it or fit it first")
    for layer in model.layers:
        if layer.compute_dtype in OTHER_FLOATS:
            raise InputError(
                f"the layer {layer.name} computes in {layer.compute_dtype}, models are exported "
                "in float32: build it with the policy float32, and set the weights of this one"
            )
    for weight in model.weights:
        values = keras.ops.convert_to_numpy(weight)
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            raise InputError(
                f"the weight {weight.path} has values that are not finite: the training has "
                "diverged; train again with a lower learning rate, or clip the gradients"
            )
