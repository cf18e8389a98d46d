"""BentoML's server of SavedModels, to be measured by `serving.py`.

python benchmarks/bentoml_server.py FOLDER ...   in an environment with bentoml and tensorflow
"""

import os
import sys
from pathlib import Path

import bentoml
from saved_model import Signature, free_port

FOLDERS = "SAVED_MODELS"  # environment variable of the processes that BentoML starts


def api(folder):
    """The API of a model's default signature."""
    name = Path(folder).parent.name

    def predict(self, instances: list) -> list:
        return self.signatures[name].predictions(instances)

    predict.__name__ = name.replace("-", "_")
    return bentoml.api(
        predict,
        route=f"/{name}",
        batchable=True,
        max_batch_size=64,
        max_latency_ms=1000,
    )


def service(folders):
    """The service of models, with an API each."""

    class SavedModels:
        """The default signatures of models."""

        def __init__(self):
            signatures = [Signature(folder) for folder in folders]
            self.signatures = {signature.name: signature for signature in signatures}

    for folder in folders:
        method = api(folder)
        setattr(SavedModels, method.name, method)
    return bentoml.service(SavedModels, logging={"access": {"enabled": False}})


def main(folders):
    """Serves models at a free port, whose address it prints."""
    os.environ[FOLDERS] = os.pathsep.join(folders)
    command = [sys.executable, "-m", "bentoml", "serve", f"{Path(__file__).stem}:SAVED_MODELS"]
    command += ["--working-dir", str(Path(__file__).parent), "--host", "127.0.0.1"]
    os.execv(sys.executable, [*command, "--port", str(free_port())])


if __name__ == "__main__":
    main(sys.argv[1:])
else:
    SAVED_MODELS = service(os.environ[FOLDERS].split(os.pathsep))
