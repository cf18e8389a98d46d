"""`rnnzoo.save`: makes a model of the zoo from a task model of the user's."""

import keras
import numpy as np

from rnnzoo.artifacts import models_dir
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.destination import check_task, free_name, writable
from rnnzoo.families import families


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
    folder, _ = family.save(model, name, root, title, licence)
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
    for weight in model.weights:
        values = keras.ops.convert_to_numpy(weight)
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            raise InputError(
                f"the weight {weight.path} has values that are not finite: the training has "
                "diverged; train again with a lower learning rate, or clip the gradients"
            )
