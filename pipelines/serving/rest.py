"""TensorFlow Serving's REST interface over a set of servables.

    GET  /v1/models                   names and versions; not of TensorFlow Serving
    GET  MODEL                        status
    GET  MODEL/metadata               signatures
    POST MODEL:predict                {"instances": ...} or {"inputs": ...}
    POST MODEL:classify, :regress     400: they take tf.Example, which no signature here does

MODEL is `/v1/models/NAME`, `/v1/models/NAME/versions/N` or `/v1/models/NAME/labels/LABEL`.

HEAD is as GET, without the body; a slash at the end of a path is ignored. An error is
`{"error": reason}`: status 400 for an invalid request, 404 for a model, version or label that is
not served, 503 while too many requests wait, 500 for a defect of the server.
"""

from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from rnnzoo.datasets.common.errors import shown
from rnnzoo.pipelines.serving import protocol
from rnnzoo.pipelines.serving.bodies import read_body
from rnnzoo.pipelines.serving.engine import Engine
from rnnzoo.pipelines.serving.gzip_answers import GzipAnswers
from rnnzoo.pipelines.serving.json_text import encoded
from rnnzoo.pipelines.serving.observing import Observed
from rnnzoo.pipelines.serving.probes import probes
from rnnzoo.pipelines.serving.statuses import status_of

MODELS = (
    "/v1/models/{name}/versions/{version}",
    "/v1/models/{name}/labels/{label}",
    "/v1/models/{name}",
)
GONE = 499  # for metrics and the access log, as nginx has it: the client does not read it
SMALL = 2**16  # bytes of a body, and numbers of outputs, which take about a millisecond


def create_app(servables, required=(), access_log=None, origins=()):
    """Returns the `starlette.applications.Starlette` application.

    Args:
        servables: dict from name to `Servable`.
        required: names of the models without which `/readyz` is 503.
        access_log: `rnnzoo.pipelines.serving.access_log.AccessLog`, or None.
        origins: list of str, the origins whose pages may send requests; `*` is every origin.
    """
    engine = Engine(servables, required)

    async def models(request):
        return await engine.in_thread(protocol.models, engine.servables)

    async def status(request):
        name, *wanted = _named(request)
        number, _ = await engine.version(name, *wanted)
        number = None if wanted == [None, None] else number
        return await engine.in_thread(protocol.status, engine.servable(name), number)

    async def metadata(request):
        name, *wanted = _named(request)
        number, version = await engine.version(name, *wanted)
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

    def refused(method):
        async def refuse(request):
            body = await read_body(request)
            _, version = await engine.version(*_named(request))
            await engine.in_thread(protocol.refuse, version, method, body)

        return refuse

    async def no_route(request, problem):
        path = request.scope["path"]
        return _error(problem.status_code, f"no such request: {request.method} {shown(path)}")

    def get(path, function):
        return Route(path, _answered(function), methods=["GET"])  # and HEAD

    def post(path, function):
        return Route(path, _answered(function), methods=["POST"])

    routes = [get("/v1/models", models), *probes(engine)]
    for path in MODELS:
        routes += [
            get(f"{path}/metadata", metadata),
            get(path, status),
            post(f"{path}:predict", predict),
            post(f"{path}:classify", refused("classify")),
            post(f"{path}:regress", refused("regress")),
        ]
    app = Starlette(routes=routes, exception_handlers={404: no_route, 405: no_route})
    app.add_middleware(_WithoutTrailingSlash)
    app.add_middleware(GzipAnswers)
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Encoding", "Content-Type", "X-Request-ID"],
            expose_headers=["Retry-After", "X-Request-ID"],
        )
    # The last is the outermost.
    app.add_middleware(Observed, metrics=engine.metrics, access_log=access_log)
    app.state.engine = engine
    return app


def _named(request):
    """(name, version or None, label or None) of the path."""
    path = request.path_params
    return path["name"], path.get("version"), path.get("label")


def _answered(function):
    """An endpoint that answers with the JSON value of a coroutine, or with what it raises."""

    async def endpoint(request):
        try:
            content = await function(request)
        except ClientDisconnect:
            return Response(status_code=GONE)
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
