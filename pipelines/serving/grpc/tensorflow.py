"""TensorFlow Serving's gRPC services.

    PredictionService  Predict, GetModelMetadata
    ModelService       GetModelStatus, HandleReloadConfigRequest

Classify, Regress and MultiInference are UNIMPLEMENTED, with a line that says what to call.
"""

from tensorflow_serving.apis.get_model_metadata_pb2 import GetModelMetadataRequest
from tensorflow_serving.apis.get_model_status_pb2 import GetModelStatusRequest
from tensorflow_serving.apis.model_management_pb2 import (
    ReloadConfigRequest,
    ReloadConfigResponse,
)
from tensorflow_serving.apis.predict_pb2 import PredictRequest

from rnnzoo.pipelines.serving.access.keys import check_may_configure
from rnnzoo.pipelines.serving.http.endpoints import computed, size_of
from rnnzoo.pipelines.serving.protocols import grpc_messages
from rnnzoo.pipelines.serving.statuses import NotImplementedHere

EXAMPLES = "no model takes tf.Example: call Predict, GetModelMetadata lists the signatures"


def services(engine):
    """The methods: dict from service to a dict from name to a coroutine function of bytes.

    Args:
        engine: `rnnzoo.pipelines.serving.core.engine.Engine`.
    """

    async def predict(content):
        arguments = engine, len(content)
        request = await computed(*arguments, grpc_messages.parsed, PredictRequest, content)
        name, *wanted = grpc_messages.named(request)
        number, version = await engine.version(name, *wanted)
        signature, inputs = await computed(*arguments, grpc_messages.read_predict, version, request)
        outputs = await engine.run(version, signature, inputs)
        answer = name, number, signature, outputs, request.output_filter
        return await computed(engine, size_of(outputs), grpc_messages.predicted, *answer)

    async def metadata(content):
        request = grpc_messages.parsed(GetModelMetadataRequest, content)
        name, *wanted = grpc_messages.named(request)
        number, version = await engine.version(name, *wanted)
        arguments = name, number, version, request.metadata_field
        return await engine.in_thread(grpc_messages.metadata, *arguments)

    async def status(content):
        name, *wanted = grpc_messages.named(grpc_messages.parsed(GetModelStatusRequest, content))
        number, _ = await engine.version(name, *wanted)
        number = None if wanted == [None, None] else number
        return await engine.in_thread(grpc_messages.status, engine.servable(name), number)

    async def refuse(content):
        raise NotImplementedHere(EXAMPLES)

    async def reload(content):
        request = grpc_messages.parsed(ReloadConfigRequest, content)
        if engine.reload is None:
            raise NotImplementedHere(
                "the models are those that the server was started with, and a new version of them "
                "is served without a request: start a server with --config"
            )
        check_may_configure()
        await engine.in_thread(engine.reload, grpc_messages.tables_of(request))
        return ReloadConfigResponse()

    return {
        "tensorflow.serving.PredictionService": {
            "Predict": predict,
            "GetModelMetadata": metadata,
            **dict.fromkeys(("Classify", "Regress", "MultiInference"), refuse),
        },
        "tensorflow.serving.ModelService": {
            "GetModelStatus": status,
            "HandleReloadConfigRequest": reload,
        },
    }
