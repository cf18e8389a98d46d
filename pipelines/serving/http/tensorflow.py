"""The routes of TensorFlow Serving's REST interface.

    GET  /v1/models                   names and versions; not of TensorFlow Serving
    GET  MODEL                        status
    GET  MODEL/metadata               signatures
    POST MODEL:predict                {"instances": ...} or {"inputs": ...}
    POST MODEL:classify, :regress     400: they take tf.Example, which no signature here does
    WS   MODEL:stream                 as :predict, each message a step of a sequence

MODEL is `/v1/models/NAME`, `/v1/models/NAME/versions/N` or `/v1/models/NAME/labels/LABEL`.
"""

from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from rnnzoo.pipelines.serving.access.keys import may_use
from rnnzoo.pipelines.serving.http.bodies import read_body
from rnnzoo.pipelines.serving.http.calls import Calls
from rnnzoo.pipelines.serving.http.endpoints import answered, named
from rnnzoo.pipelines.serving.protocols import tensorflow as protocol

MODELS = (
    "/v1/models/{name}/versions/{version}",
    "/v1/models/{name}/labels/{label}",
    "/v1/models/{name}",
)


def routes(engine):
    """list of `starlette.routing.Route`.

    Args:
        engine: `rnnzoo.pipelines.serving.core.engine.Engine`.
    """
    calls = Calls(engine)

    async def models(request):
        usable = {name: model for name, model in engine.servables.items() if may_use(name)}
        return await engine.in_thread(protocol.models, usable)

    async def status(request):
        name, *wanted = named(request)
        number, _ = await engine.version(name, *wanted)
        number = None if wanted == [None, None] else number
        return await engine.in_thread(protocol.status, engine.servable(name), number)

    async def metadata(request):
        name, *wanted = named(request)
        number, version = await engine.version(name, *wanted)
        return await engine.in_thread(protocol.metadata, name, number, version)

    async def predict(request):
        body = await read_body(request, engine.limits.most_bytes)
        content = await calls.answer(request, body)
        return Response(content, media_type="application/json")

    def refused(method):
        async def refuse(request):
            body = await read_body(request, engine.limits.most_bytes)
            _, version = await engine.version(*named(request))
            await engine.in_thread(protocol.refuse, version, method, body)

        return refuse

    def get(path, function):
        return Route(path, answered(function), methods=["GET"])  # and HEAD

    def post(path, function):
        return Route(path, answered(function), methods=["POST"])

    listed = [get("/v1/models", models)]
    for path in MODELS:
        listed += [
            get(f"{path}/metadata", metadata),
            post(f"{path}:predict", predict),
            post(f"{path}:classify", refused("classify")),
            post(f"{path}:regress", refused("regress")),
            WebSocketRoute(f"{path}:stream", calls.stream),
            get(path, status),
        ]
    return listed
