"""KServe's server of SavedModels, to be measured by `serving.py`.

python benchmarks/kserve_server.py FOLDER ...   in an environment with kserve and tensorflow
"""

import sys

from kserve import Model, ModelServer
from saved_model import Signature, free_port


class SavedModel(Model):
    """The default signature of a model.

    Args:
        folder: str, the model's.
    """

    def __init__(self, folder):
        self._signature = Signature(folder)
        super().__init__(self._signature.name)
        self.ready = True

    def predict(self, payload, headers=None, response_headers=None):
        """The outputs of the rows in `instances`."""
        return {"predictions": self._signature.predictions(payload["instances"])}


def main(folders):
    """Serves models at a free port, whose address it prints."""
    models = [SavedModel(folder) for folder in folders]
    port = free_port()
    server = ModelServer(http_port=port, enable_grpc=False, workers=1, enable_latency_logging=False)
    server.start(models)


if __name__ == "__main__":
    main(sys.argv[1:])
