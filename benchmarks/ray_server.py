"""Ray Serve's server of SavedModels, to be measured by `serving.py`.

python benchmarks/ray_server.py FOLDER ...   in an environment with ray[serve] and tensorflow
"""

import asyncio
import itertools
import os
import signal
import sys
from pathlib import Path

# The settings that Ray's guide to performance recommends for throughput.
os.environ["RAY_SERVE_THROUGHPUT_OPTIMIZED"] = "1"
os.environ["RAY_SERVE_ENABLE_HA_PROXY"] = "1"
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

import orjson
import ray
from ray import serve
from saved_model import Signature, free_port
from starlette.responses import Response


@serve.deployment(max_ongoing_requests=1000)
class SavedModel:
    """The default signature of a model.

    Args:
        folder: str, the model's.
    """

    def __init__(self, folder):
        self._signature = Signature(folder)

    @serve.batch(max_batch_size=64, batch_wait_timeout_s=0.002)
    async def predictions(self, requests):
        """The outputs of the rows of each request."""
        rows = list(itertools.chain.from_iterable(requests))
        outputs = iter(await asyncio.to_thread(self._signature.predictions, rows))
        return [list(itertools.islice(outputs, len(request))) for request in requests]

    async def __call__(self, request):
        """The answer to a request with rows in `instances`."""
        rows = orjson.loads(await request.body())["instances"]
        content = orjson.dumps({"predictions": await self.predictions(rows)})
        return Response(content, media_type="application/json")


def main(folders):
    """Serves models at a free port, whose address it prints."""
    port = free_port()
    ray.init(include_dashboard=False, log_to_driver=False)
    serve.start(http_options={"port": port}, logging_config={"enable_access_log": False})
    for folder in folders:
        name = Path(folder).parent.name
        serve.run(SavedModel.bind(folder), name=name, route_prefix=f"/{name}")
    signal.sigwait([signal.SIGINT, signal.SIGTERM])
    ray.shutdown()


if __name__ == "__main__":
    main(sys.argv[1:])
