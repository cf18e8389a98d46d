"""The routes of TensorFlow Serving's REST interface.

    GET  /v1/models                               names and versions; not of TensorFlow Serving
    GET  /v1/models/NAME[/versions/N]             status
    GET  /v1/models/NAME[/versions/N]/metadata    signatures
    POST /v1/models/NAME[/versions/N]:predict     {"instances": ...} or {"inputs": ...}

Not served: classify, regress, gRPC, labels.
"""

from starlette.responses import Response
from starlette.routing import Route

from rnnzoo.pipelines.serving import protocol
from rnnzoo.pipelines.serving.bodies import read_body
from rnnzoo.pipelines.serving.endpoints import answered, computed, named, size_of
from rnnzoo.pipelines.serving.json_text import encoded


def routes(engine):
    """list of `starlette.routing.Route`.

    Args:
        engine: `rnnzoo.pipelines.serving.engine.Engine`.
    """

    async def models(request):
        return await engine.in_thread(protocol.models, engine.servables)

    async def status(request):
        name, wanted = named(request)
        number, _ = await engine.version(name, wanted)
        number = None if wanted is None else number
        return await engine.in_thread(protocol.status, engine.servables[name], number)

    async def metadata(request):
        name, wanted = named(request)
        number, version = await engine.version(name, wanted)
        return await engine.in_thread(protocol.metadata, name, number, version)

    async def predict(request):
        body = await read_body(request)
        _, version = await engine.version(*named(request))
        signature, inputs, by_row = await computed(
            engine, len(body), protocol.read_predict, version, body
        )
        outputs = await engine.run(version, signature, inputs)
        content = await computed(
            engine, size_of(outputs), lambda: encoded(protocol.predicted(outputs, by_row))
        )
        return Response(content, media_type="application/json")

    def get(path, function):
        return Route(path, answered(function), methods=["GET"])  # and HEAD

    version = "/v1/models/{name}/versions/{version}"
    return [
        get("/v1/models", models),
        get(f"{version}/metadata", metadata),
        get(version, status),
        get("/v1/models/{name}/metadata", metadata),
        Route(f"{version}:predict", answered(predict), methods=["POST"]),
        Route("/v1/models/{name}:predict", answered(predict), methods=["POST"]),
        get("/v1/models/{name}", status),
    ]
