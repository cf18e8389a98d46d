"""TensorFlow Serving's REST interface over a set of servables.

    GET  /v1/models                               names and versions; not of TensorFlow Serving
    GET  /v1/models/NAME[/versions/N]             status
    GET  /v1/models/NAME[/versions/N]/metadata    signatures
    POST /v1/models/NAME[/versions/N]:predict     {"instances": ...} or {"inputs": ...}

HEAD is as GET, without the body; a slash at the end of a path is ignored. An error is
`{"error": reason}`: status 400 for an invalid request, 404 for a model or version that is not
served, 500 for a defect of the server. Not served: classify, regress, gRPC, labels.
"""

import os
import sys
import traceback

import anyio
from fastapi import FastAPI, Request, Response

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.serving import protocol
from rnnzoo.pipelines.serving.bodies import read_body
from rnnzoo.pipelines.serving.json_text import encoded


def create_app(servables):
    """Returns the `fastapi.FastAPI` application.

    Args:
        servables: dict from name to `Servable`.
    """
    app = FastAPI(title="rnnzoo", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(_WithoutTrailingSlash)
    # More requests at once would not be faster, and each takes memory.
    limiter = anyio.CapacityLimiter(os.cpu_count() or 1)

    async def respond(function, path, *arguments):
        """The response of a function of `protocol`, run in a thread."""
        target = servables, path["name"], path.get("version")
        return await anyio.to_thread.run_sync(
            _response, function, *target, *arguments, limiter=limiter, abandon_on_cancel=True
        )

    def get(path):
        return app.api_route(path, methods=["GET", "HEAD"])

    @get("/v1/models")
    def models():
        return _response(protocol.models, servables)

    @get("/v1/models/{name}")
    @get("/v1/models/{name}/versions/{version}")
    async def status(request: Request):
        return await respond(protocol.status, request.path_params)

    @get("/v1/models/{name}/metadata")
    @get("/v1/models/{name}/versions/{version}/metadata")
    async def metadata(request: Request):
        return await respond(protocol.metadata, request.path_params)

    @app.post("/v1/models/{name}:predict")
    @app.post("/v1/models/{name}/versions/{version}:predict")
    async def predict(request: Request):
        try:
            body = await read_body(request)
        except InputError as problem:
            return _error(400, problem)
        return await respond(protocol.predict, request.path_params, body)

    @app.exception_handler(404)
    @app.exception_handler(405)
    async def no_route(request: Request, problem):
        path = request.scope["path"]
        return _error(problem.status_code, f"no such request: {request.method} {shown(path)}")

    return app


def _response(function, *arguments):
    """The response with what a function returns, or with the error that it raises."""
    try:
        return _json(200, function(*arguments))
    except protocol.NotServed as problem:
        return _error(404, problem)
    except InputError as problem:
        return _error(400, problem)
    except Exception as problem:  # a defect must not end the server
        traceback.print_exc(file=sys.stderr)
        return _error(500, f"{type(problem).__name__}: {problem}")


def _error(status, reason):
    return _json(status, {"error": str(reason)})


def _json(status, content):
    return Response(encoded(content), status_code=status, media_type="application/json")


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
