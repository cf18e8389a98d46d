"""KServe's server of SavedModels of the package, to be measured by `serving.py`.

python benchmarks/kserve_server.py NAME ...   in an environment with kserve and rnnzoo
"""

import json
import socket
import sys

import numpy as np
import tensorflow as tf
from kserve import Model, ModelServer

from rnnzoo.registry import located


class SavedModel(Model):
    """The default signature of a model.

    Args:
        name: str, the model's.
    """

    def __init__(self, name):
        super().__init__(name)
        self._signature = tf.saved_model.load(located(name)).signatures["serving_default"]
        (self._spec,) = self._signature.structured_input_signature[1].values()
        self.ready = True

    def predict(self, payload, headers=None, response_headers=None):
        """The outputs of the rows in `instances`."""
        inputs = {self._spec.name: tf.constant(payload["instances"], self._spec.dtype)}
        outputs = {name: np.asarray(x) for name, x in self._signature(**inputs).items()}
        if len(outputs) == 1:
            return {"predictions": next(iter(outputs.values())).tolist()}
        rows = zip(*(array.tolist() for array in outputs.values()), strict=True)
        return {"predictions": [dict(zip(outputs, row, strict=True)) for row in rows]}


def main(names):
    """Serves models at a free port, whose address it prints."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    models = [SavedModel(name) for name in names]
    print(json.dumps({"address": f"http://127.0.0.1:{port}"}), flush=True)
    ModelServer(http_port=port, enable_grpc=False, workers=1).start(models)


if __name__ == "__main__":
    main(sys.argv[1:])
