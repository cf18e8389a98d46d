"""TensorFlow Serving's REST interface over a set of servables.

    GET  /v1/models                               names and versions; not of TensorFlow Serving
    GET  /v1/models/NAME[/versions/N]             status
    GET  /v1/models/NAME[/versions/N]/metadata    signatures
    POST /v1/models/NAME[/versions/N]:predict     {"instances": ...} or {"inputs": ...}
    WS   /v1/models/NAME[/versions/N]:stream      the same, each message a step of a sequence

HEAD is as GET, without the body; a slash at the end of a path is ignored. An error is
`{"error": reason}`: status 400 for an invalid request, 404 for a model or version that is not
served, 503 while too many requests wait, 500 for a defect of the server. Not served: classify,
regress, gRPC, labels.
"""

import contextlib

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from rnnzoo.datasets.common.errors import shown
from rnnzoo.pipelines.serving import protocol
from rnnzoo.pipelines.serving.bodies import read_body
from rnnzoo.pipelines.serving.calls import Calls, named
from rnnzoo.pipelines.serving.engine import Engine
from rnnzoo.pipelines.serving.json_text import encoded
from rnnzoo.pipelines.serving.keys import may_use
from rnnzoo.pipelines.serving.sequence_file import restore_sequences, write_sequences
from rnnzoo.pipelines.serving.sequences import Sequences
from rnnzoo.pipelines.serving.statuses import status_of


def create_app(servables, limits=None, sequence_file=None):
    """Returns the `starlette.applications.Starlette` application.

    Args:
        servables: dict from name to `Servable`.
        limits: `rnnzoo.pipelines.serving.limits.Limits`; None for the defaults.
        sequence_file: path of a file of sequences, which is read when the application starts and
            written when it ends; or None.
    """
    engine = Engine(servables, limits)
    sequences = Sequences(engine)
    calls = Calls(engine, sequences)

    @contextlib.asynccontextmanager
    async def stored_sequences(app):
        if sequence_file is not None:
            await restore_sequences(sequence_file, engine, sequences)
        yield
        if sequence_file is not None:
            write_sequences(sequence_file, sequences)

    async def models(request):
        usable = {name: servable for name, servable in servables.items() if may_use(name)}
        return await engine.in_thread(protocol.models, usable)

    async def status(request):
        name, wanted = named(request)
        number, _ = await engine.version(name, wanted)
        number = None if wanted is None else number
        return await engine.in_thread(protocol.status, servables[name], number)

    async def metadata(request):
        name, wanted = named(request)
        number, version = await engine.version(name, wanted)
        return await engine.in_thread(protocol.metadata, name, number, version)

    async def predict(request):
        body = await read_body(request, engine.limits.most_bytes)
        content = await calls.answer(request, body)
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
        WebSocketRoute(f"{version}:stream", calls.stream),
        WebSocketRoute("/v1/models/{name}:stream", calls.stream),
        get("/v1/models/{name}", status),
    ]
    handlers = {404: no_route, 405: no_route}
    app = Starlette(routes=routes, exception_handlers=handlers, lifespan=stored_sequences)
    app.add_middleware(_WithoutTrailingSlash)
    return app


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
