"""TensorFlow Serving's REST interface over a set of servables.

    GET  /v1/models                               names and versions; not of TensorFlow Serving
    GET  /v1/models/NAME[/versions/N]             status
    GET  /v1/models/NAME[/versions/N]/metadata    signatures
    POST /v1/models/NAME[/versions/N]:predict     {"instances": ...} or {"inputs": ...}

HEAD is as GET, without the body; a slash at the end of a path is ignored. An error is
`{"error": reason}`: status 400 for an invalid request, 404 for a model or version that is not
served, 503 while too many requests wait, 500 for a defect of the server. Not served: classify,
regress, labels.
"""

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from rnnzoo.datasets.common.errors import shown
from rnnzoo.pipelines.serving import protocol
from rnnzoo.pipelines.serving.bodies import read_body
from rnnzoo.pipelines.serving.engine import Engine
from rnnzoo.pipelines.serving.json_text import encoded
from rnnzoo.pipelines.serving.statuses import status_of

SMALL = 2**16  # bytes of a body, and numbers of outputs, which take about a millisecond


def create_app(servables, engine=None):
    """Returns the `starlette.applications.Starlette` application.

    Args:
        servables: dict from name to `Servable`.
        engine: `Engine` of these servables, which other protocols share; None for a new one.
    """
    engine = engine or Engine(servables)

    async def models(request):
        return await engine.in_thread(protocol.models, servables)

    async def status(request):
        name, wanted = _named(request)
        number, _ = await engine.version(name, wanted)
        number = None if wanted is None else number
        return await engine.in_thread(protocol.status, servables[name], number)

    async def metadata(request):
        name, wanted = _named(request)
        number, version = await engine.version(name, wanted)
        return await engine.in_thread(protocol.metadata, name, number, version)

    async def predict(request):
        body = await read_body(request)
        _, version = await engine.version(*_named(request))
        arguments = protocol.read_predict, version, body
        is_small = len(body) <= SMALL
        read = arguments[0](*arguments[1:]) if is_small else await engine.in_thread(*arguments)
        signature, inputs, by_row = read
        outputs = await engine.run(version, signature, inputs)
        if sum(output.size for output in outputs.values()) <= SMALL:
            return protocol.predicted(outputs, by_row)
        content = await engine.in_thread(lambda: encoded(protocol.predicted(outputs, by_row)))
        return Response(content, media_type="application/json")

    async def no_route(request, problem):
        path = request.scope["path"]
        return _error(problem.status_code, f"no such request: {request.method} {shown(path)}")

    def get(path, function):
        return Route(path, _answered(function), methods=["GET"])  # and HEAD

    version = "/v1/models/{name}/versions/{version}"
    routes = [
        get("/v1/models", models),
        get(f"{version}/metadata", metadata),
        get(version, status),
        get("/v1/models/{name}/metadata", metadata),
        Route(f"{version}:predict", _answered(predict), methods=["POST"]),
        Route("/v1/models/{name}:predict", _answered(predict), methods=["POST"]),
        get("/v1/models/{name}", status),
    ]
    app = Starlette(routes=routes, exception_handlers={404: no_route, 405: no_route})
    app.add_middleware(_WithoutTrailingSlash)
    return app


def _named(request):
    """(name, version or None) of the path."""
    return request.path_params["name"], request.path_params.get("version")


def _answered(function):
    """An endpoint that answers with the JSON value of a coroutine, or with what it raises."""

    async def endpoint(request):
        try:
            content = await function(request)
        except Exception as problem:  # a defect must not end the server
            status = status_of(problem)
            return _error(status.http, status.message, status.retry_after)
        return content if isinstance(content, Response) else _json(200, content)

    return endpoint


def _error(status, reason, retry_after=None):
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return _json(status, {"error": str(reason)}, headers)


def _json(status, content, headers=None):
    return Response(encoded(content), status, headers, "application/json")


class _WithoutTrailingSlash:
    """An ASGI application whose paths may end with a slash.

    Args:
        app: the application.
    """

    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
        await self._app(scope, receive, send)
