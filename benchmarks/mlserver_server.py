"""MLServer's server of SavedModels, to be measured by `serving.py`.

python benchmarks/mlserver_server.py FOLDER ...   in an environment with mlserver and tensorflow
"""

import asyncio
import sys
from pathlib import Path

from mlserver import MLModel, MLServer, ModelSettings, Settings
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.settings import ModelParameters
from mlserver.types import InferenceResponse
from saved_model import Signature, free_port


class SavedModel(MLModel):
    """The default signature of a model, whose folder is the setting `uri`."""

    async def load(self):
        """Loads it."""
        self._signature = Signature(self.settings.parameters.uri)
        return True

    async def predict(self, payload):
        """The outputs of the rows of the only input."""
        (tensor,) = payload.inputs
        codec = StringCodec if tensor.datatype == "BYTES" else NumpyCodec
        outputs = await asyncio.to_thread(self._signature.outputs, codec.decode_input(tensor))
        return InferenceResponse(
            model_name=self.name,
            outputs=[NumpyCodec.encode_output(name, array) for name, array in outputs.items()],
        )


async def main(folders):
    """Serves models at a free port, whose address it prints."""
    settings = Settings(
        debug=False,
        host="127.0.0.1",
        http_port=free_port(),
        grpc_port=0,
        metrics_endpoint=None,
        parallel_workers=0,  # in this process: its pool of workers fails with uvloop 0.22 and later
    )
    models = [
        ModelSettings(
            name=Path(folder).parent.name,
            implementation=SavedModel,
            parameters=ModelParameters(uri=folder),
            max_batch_size=64,
            max_batch_time=0.002,
        )
        for folder in folders
    ]
    await MLServer(settings).start(models)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
