"""Exports a model as a SavedModel that a server loads: the contract of every family.

The signatures of an export, with named inputs and outputs; `plain_endpoints` has no `step`:

    serving_default   raw values -> the prediction; constants and vocabularies are in the graph
    step              raw values and states -> the prediction and the next states; not of
                      bidirectional models
    model             the function of the Keras model, for the golden tensors

They come from `Family.endpoints`:

    endpoints(model)    -> dict from signature name to (function, list of `tf.TensorSpec`),
                           list of the resources that the functions need beside the model

As a program it exports the model in a file: TASK MODEL.keras FOLDER.
"""

import sys
from pathlib import Path

import keras
import tensorflow as tf

from rnnzoo.families import family_of
from rnnzoo.pipelines.export.tensorflow_process import export_by_process


def export_saved_model(model, folder):
    """Writes `saved_model.pb` and `variables/` of a task model into `folder`.

    Keras's own `ExportArchive` stores each weight twice.

    Raises:
        InputError: on another backend than TensorFlow, the process that exports fails.
    """
    if keras.backend.backend() != "tensorflow":
        export_by_process(model, folder)
        return
    folder = Path(folder)
    endpoints, resources = family_of(type(model).__name__).load_pipeline().endpoints(model)
    module = tf.Module()
    module.resources = resources
    module.weights = [weight.value for weight in model.weights]
    signatures = {
        # Without autograph: there is no Python in the functions to convert.
        name: tf.function(function, input_signature=signature, autograph=False)
        for name, (function, signature) in endpoints.items()
    }
    tf.saved_model.save(module, folder, signatures=signatures)
    (folder / "assets").rmdir()  # empty: vocabularies are in the graph
    (folder / "fingerprint.pb").unlink()  # another one for the same model


def plain_endpoints(model):
    """The signatures of a model whose inputs and outputs need no conversion.

    Args:
        model: a task model with one input.

    Returns:
        see `Family.endpoints`; both signatures return `predictions`.
    """
    (tensor,) = model.inputs
    spec = tf.TensorSpec(tensor.shape, tensor.dtype, name=tensor.name)

    def predict(inputs):
        return {"predictions": model(inputs, training=False)}

    return {"serving_default": (predict, [spec]), "model": (predict, [spec])}, []


def main(task, path, folder):
    """Exports the model in a `.keras` file; `task` is the name of its class."""
    family_of(task).load_task_class()
    export_saved_model(keras.saving.load_model(path, compile=False), folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
