"""TensorFlow Serving's gRPC interface over an `Engine`.

    PredictionService  Predict, GetModelMetadata
    ModelService       GetModelStatus

and `grpc.health.v1.Health`. An error is a status with one line: INVALID_ARGUMENT for an invalid
request, NOT_FOUND for a model or version that is not served, RESOURCE_EXHAUSTED for a message of
more bytes than a body of REST may have, UNAVAILABLE while too many requests wait, INTERNAL for a
defect of the server. Not served, UNIMPLEMENTED: Classify, Regress, MultiInference,
HandleReloadConfigRequest, labels, compressed messages.
"""

import grpc
import grpc.aio
from grpc_health.v1 import health, health_pb2_grpc
from tensorflow_serving.apis.get_model_metadata_pb2 import GetModelMetadataRequest
from tensorflow_serving.apis.get_model_status_pb2 import GetModelStatusRequest
from tensorflow_serving.apis.predict_pb2 import PredictRequest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving import grpc_messages
from rnnzoo.pipelines.serving.bodies import LARGEST_BODY
from rnnzoo.pipelines.serving.rest import SMALL
from rnnzoo.pipelines.serving.statuses import NotImplementedHere, status_of

OPTIONS = (
    ("grpc.max_receive_message_length", LARGEST_BODY),
    # Otherwise a second server shares a taken port.
    ("grpc.so_reuseport", 0),
    # A few packed bytes would be unpacked to a message of any size.
    ("grpc.compression_enabled_algorithms_bitset", 1),
)
EXAMPLES = "no model takes tf.Example: call Predict, GetModelMetadata lists the signatures"
NOT_SERVED = {
    "tensorflow.serving.PredictionService": {
        "Classify": EXAMPLES,
        "Regress": EXAMPLES,
        "MultiInference": EXAMPLES,
    },
    "tensorflow.serving.ModelService": {
        "HandleReloadConfigRequest": "the models are those that the server was started with, and a "
        "new version of them is served without a request: start a server with other names",
    },
}


class Server:
    """A server of gRPC, of the event loop in which it is started.

    Args:
        engine: `Engine`.
        host: str, the address to listen at, in numbers.
        port: int; 0 takes a free one.
    """

    def __init__(self, engine, host, port):
        self._engine, self._host, self._port = engine, host, port
        self._server = self._health = None

    async def start(self):
        """Listens, and returns the address, `HOST:PORT`.

        Raises:
            InputError: it cannot listen there.
        """
        self._server, self._health = grpc.aio.server(options=OPTIONS), health.aio.HealthServicer()
        self._server.add_generic_rpc_handlers(tuple(_handlers(self._engine)))
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        host = f"[{self._host}]" if ":" in self._host else self._host
        try:
            port = self._server.add_insecure_port(f"{host}:{self._port}")
        except RuntimeError:
            raise InputError(
                f"cannot listen at {host}:{self._port}: name another --host or --grpc-port"
            ) from None
        await self._server.start()
        return f"{host}:{port}"

    async def stop(self, seconds):
        """Refuses new calls; running ones have some seconds to end."""
        await self._health.enter_graceful_shutdown()
        await self._server.stop(seconds)


def _handlers(engine):
    """The handlers of both services."""
    methods = {
        "tensorflow.serving.PredictionService": {
            "Predict": _predict,
            "GetModelMetadata": _metadata,
        },
        "tensorflow.serving.ModelService": {"GetModelStatus": _status},
    }
    for service, functions in methods.items():
        refused = {name: _refusal(message) for name, message in NOT_SERVED[service].items()}
        handlers = {
            # Messages are parsed here: gRPC calls it a defect if they are none.
            name: grpc.unary_unary_rpc_method_handler(_answered(function, engine))
            for name, function in {**functions, **refused}.items()
        }
        yield grpc.method_handlers_generic_handler(service, handlers)


async def _predict(engine, content):
    request = await _for_size(engine, len(content), grpc_messages.parsed, PredictRequest, content)
    name, wanted = grpc_messages.named(request)
    number, version = await engine.version(name, wanted)
    arguments = grpc_messages.read_predict, version, request
    signature, inputs = await _for_size(engine, len(content), *arguments)
    outputs = await engine.run(version, signature, inputs)
    size = sum(output.size for output in outputs.values())
    arguments = name, number, signature, outputs, request.output_filter
    return await _for_size(engine, size, grpc_messages.predicted, *arguments)


async def _metadata(engine, content):
    request = grpc_messages.parsed(GetModelMetadataRequest, content)
    name, wanted = grpc_messages.named(request)
    number, version = await engine.version(name, wanted)
    arguments = name, number, version, request.metadata_field
    return await engine.in_thread(grpc_messages.metadata, *arguments)


async def _status(engine, content):
    name, wanted = grpc_messages.named(grpc_messages.parsed(GetModelStatusRequest, content))
    number, _ = await engine.version(name, wanted)
    number = None if wanted is None else number
    return await engine.in_thread(grpc_messages.status, engine.servables[name], number)


def _refusal(message):
    async def refuse(engine, content):
        raise NotImplementedHere(message)

    return refuse


async def _for_size(engine, size, function, *arguments):
    """What a function returns, which is called in a thread if there is much to do."""
    if size <= SMALL:
        return function(*arguments)
    return await engine.in_thread(function, *arguments)


def _answered(function, engine):
    """A handler that answers with the message of a coroutine, or with what it raises."""

    async def handler(content, context):
        try:
            response = await function(engine, content)
            return response.SerializeToString()
        except Exception as problem:  # a defect must not end the server
            status = status_of(problem)
        # A client that has a policy for retries waits so long.
        wait = status.retry_after
        metadata = () if wait is None else (("grpc-retry-pushback-ms", str(1000 * wait)),)
        await context.abort(grpc.StatusCode[status.code], status.message, metadata)

    return handler
