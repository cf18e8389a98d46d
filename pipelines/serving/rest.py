"""TensorFlow Serving's REST interface over a set of servables.

    GET  /v1/models/NAME[/versions/N]             status
    GET  /v1/models/NAME[/versions/N]/metadata    signatures
    POST /v1/models/NAME[/versions/N]:predict     {"instances": ...} or {"inputs": ...}

An error is `{"error": reason}`: status 400 for an invalid request, 404 for a model or version that
is not served, 500 for a defect of the server. Not served: classify, regress, gRPC, labels.
"""

import os
import sys
import traceback

import anyio
import orjson
from fastapi import FastAPI, Request, Response

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving import protocol

LARGEST_BODY = 4 * 2**20  # bytes
SLOWEST_BODY = 30  # seconds


def create_app(servables):
    """Returns the `fastapi.FastAPI` application.

    Args:
        servables: dict from name to `Servable`.
    """
    app = FastAPI(title="rnnzoo", docs_url=None, redoc_url=None, openapi_url=None)
    # More requests at once would not be faster, and each takes memory.
    limiter = anyio.CapacityLimiter(os.cpu_count() or 1)

    async def respond(function, path, *arguments):
        """The response of a function of `protocol`, run in a thread."""
        target = servables, path["name"], path.get("version")
        return await anyio.to_thread.run_sync(
            _response, function, *target, *arguments, limiter=limiter, abandon_on_cancel=True
        )

    @app.get("/v1/models/{name}")
    @app.get("/v1/models/{name}/versions/{version}")
    async def status(request: Request):
        return await respond(protocol.status, request.path_params)

    @app.get("/v1/models/{name}/metadata")
    @app.get("/v1/models/{name}/versions/{version}/metadata")
    async def metadata(request: Request):
        return await respond(protocol.metadata, request.path_params)

    @app.post("/v1/models/{name}:predict")
    @app.post("/v1/models/{name}/versions/{version}:predict")
    async def predict(request: Request):
        try:
            body = await _read_body(request)
        except InputError as problem:
            return _error(400, problem)
        return await respond(protocol.predict, request.path_params, body)

    @app.exception_handler(404)
    @app.exception_handler(405)
    async def no_route(request: Request, problem):
        return _error(problem.status_code, f"no such request: {request.method} {request.url.path}")

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
    return Response(orjson.dumps(content), status_code=status, media_type="application/json")


async def _read_body(request):
    """The bytes of a request's body.

    Raises:
        InputError: it is too large, or takes too long to arrive.
    """
    body = b""
    try:
        with anyio.fail_after(SLOWEST_BODY):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise InputError(f"body has over {LARGEST_BODY} bytes: send less")
    except TimeoutError:
        raise InputError(f"body took over {SLOWEST_BODY} s to arrive") from None
    return body
