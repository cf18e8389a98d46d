"""TensorFlow Serving's REST interface over a set of servables.

    GET  /v1/models/NAME[/versions/N]             status
    GET  /v1/models/NAME[/versions/N]/metadata    signatures
    POST /v1/models/NAME[/versions/N]:predict     {"instances": ...} or {"inputs": ...}

Every refusal is `{"error": reason}`: 400 for a request that makes no sense, 404 for a
model or version that is not served. Not served: classify, regress, gRPC, labels.
"""

import os
import re
import sys
import traceback

import anyio
import orjson
from fastapi import FastAPI, Request, Response

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.values import columns, rows

LARGEST_BODY = 4 * 2**20  # bytes
SLOWEST_BODY = 30  # seconds


class NotServed(Exception):
    """No such model, or no such version of it."""


def _answer(status, content):
    return Response(orjson.dumps(content), status_code=status, media_type="application/json")


def create_app(servables):
    """The application.

    Args:
        servables: dict from name to `Servable`.

    Returns:
        `fastapi.FastAPI`.
    """
    app = FastAPI(title="rnnzoo", docs_url=None, redoc_url=None, openapi_url=None)
    # More at once would not be faster, and each takes memory.
    limiter = anyio.CapacityLimiter(os.cpu_count() or 1)

    def found(name, version):
        # Not a path converter: a number of thousands of digits is no version, and no crash.
        if version is not None:
            version = int(version) if re.fullmatch("[0-9]{1,9}", version) else version
        try:
            return servables[name].get(version)
        except LookupError:
            which = f" version {version}" if version is not None else ""
            served = ", ".join(sorted(servables))
            raise NotServed(f"{name}{which} is not served here: {served} are") from None

    async def answered(work, *arguments):
        """Runs work in a thread; whatever goes wrong becomes an answer."""
        try:
            return await anyio.to_thread.run_sync(
                lambda: _answer(200, work(*arguments)), limiter=limiter, abandon_on_cancel=True
            )
        except NotServed as problem:
            return _answer(404, {"error": str(problem)})
        except InputError as problem:
            return _answer(400, {"error": str(problem)})
        except Exception as problem:
            traceback.print_exc(file=sys.stderr)
            return _answer(500, {"error": f"{type(problem).__name__}: {problem}"})

    def status(name, version):
        number, _ = found(name, version)
        everything = sorted(servables[name].available(), reverse=True)
        numbers = everything if version is None else [number]
        return {
            "model_version_status": [
                {
                    "version": str(number),
                    "state": "AVAILABLE",
                    "status": {"error_code": "OK", "error_message": ""},
                }
                for number in numbers
            ]
        }

    def metadata(name, version):
        number, loaded = found(name, version)
        return {
            "model_spec": {"name": name, "signature_name": "", "version": str(number)},
            "metadata": {"signature_def": {"signature_def": loaded.signatures()}},
        }

    def predict(name, version, body):
        _, loaded = found(name, version)
        request = _parsed(body)
        signature = request.get("signature_name", "serving_default")
        by_row = "instances" in request
        values = columns(request["instances"]) if by_row else request["inputs"]
        outputs = loaded.predict(signature, values)
        if by_row:
            return {"predictions": rows(outputs)}
        lists = {output: array.tolist() for output, array in outputs.items()}
        return {"outputs": next(iter(lists.values())) if len(lists) == 1 else lists}

    @app.get("/v1/models/{name}")
    async def model_status(name: str):
        return await answered(status, name, None)

    @app.get("/v1/models/{name}/metadata")
    async def model_metadata(name: str):
        return await answered(metadata, name, None)

    @app.get("/v1/models/{name}/versions/{version}")
    async def version_status(name: str, version: str):
        return await answered(status, name, version)

    @app.get("/v1/models/{name}/versions/{version}/metadata")
    async def version_metadata(name: str, version: str):
        return await answered(metadata, name, version)

    @app.post("/v1/models/{name}:predict")
    async def model_predict(name: str, request: Request):
        return await predicted(name, None, request)

    @app.post("/v1/models/{name}/versions/{version}:predict")
    async def version_predict(name: str, version: str, request: Request):
        return await predicted(name, version, request)

    async def predicted(name, version, request):
        body = b""
        try:
            with anyio.fail_after(SLOWEST_BODY):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > LARGEST_BODY:
                        error = f"body has over {LARGEST_BODY} bytes: send less"
                        return _answer(400, {"error": error})
        except TimeoutError:
            return _answer(400, {"error": f"body took over {SLOWEST_BODY} s to arrive"})
        return await answered(predict, name, version, body)

    @app.exception_handler(404)
    @app.exception_handler(405)
    async def no_route(request: Request, problem):
        error = f"no such request: {request.method} {request.url.path}"
        return _answer(problem.status_code, {"error": error})

    return app


def _parsed(body):
    """The request's object.

    Raises:
        InputError: no JSON object, or not with just one of `instances` and `inputs`.
    """
    try:
        request = orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise InputError(f"body is no JSON: {problem}") from None
    if not isinstance(request, dict) or ("instances" in request) == ("inputs" in request):
        raise InputError("body has to be an object with either 'instances' or 'inputs'")
    if unknown := request.keys() - {"instances", "inputs", "signature_name"}:
        raise InputError(
            f"unknown field {sorted(unknown)[0]!r}: fields are signature_name, instances, inputs"
        )
    if not isinstance(request.get("signature_name", ""), str):
        raise InputError(f"signature_name={request['signature_name']!r}: give a string")
    return request
