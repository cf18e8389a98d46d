"""The default signature of a SavedModel, for the servers that `serving.py` measures."""

import json
import socket
from pathlib import Path

import numpy as np
import tensorflow as tf


class Signature:
    """The default signature of a SavedModel with one input.

    Args:
        folder: str, `<name>/<version>`, with `saved_model.pb`.
    """

    def __init__(self, folder):
        self.name = Path(folder).parent.name
        self._function = tf.saved_model.load(folder).signatures["serving_default"]
        (self._spec,) = self._function.structured_input_signature[1].values()

    def outputs(self, rows):
        """The outputs of rows: name to array of `(rows, ...)`."""
        inputs = {self._spec.name: tf.constant(rows, self._spec.dtype)}
        return {name: np.asarray(x) for name, x in self._function(**inputs).items()}

    def predictions(self, rows):
        """The outputs row by row, as TensorFlow Serving returns them: of a single output bare."""
        outputs = {name: array.tolist() for name, array in self.outputs(rows).items()}
        if len(outputs) == 1:
            return next(iter(outputs.values()))
        return [dict(zip(outputs, row, strict=True)) for row in zip(*outputs.values(), strict=True)]


def free_port():
    """A free port, after printing its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    print(json.dumps({"address": f"http://127.0.0.1:{port}"}), flush=True)
    return port
