"""The routes of the Open Inference Protocol, version 2: KServe's, and Triton's over HTTP.

GET  /v2                                      the server and its extensions
GET  /v2/health/live, /v2/health/ready
GET  /v2/models/NAME[/versions/N]             inputs and outputs; ?signature_name=NAME
GET  /v2/models/NAME[/versions/N]/ready       the version is loaded before, if it is not yet
POST /v2/models/NAME[/versions/N]/infer       tensors in JSON, or binary after the JSON
"""

from starlette.responses import Response
from starlette.routing import Route

import rnnzoo
from rnnzoo.pipelines.serving.access.keys import check_model
from rnnzoo.pipelines.serving.http.bodies import read_body
from rnnzoo.pipelines.serving.http.endpoints import answered, computed, json_answer, named, size_of
from rnnzoo.pipelines.serving.protocols import v2

LENGTH = "Inference-Header-Content-Length"


def routes(engine):
    """list of `starlette.routing.Route`.

    Args:
        engine: `rnnzoo.pipelines.serving.core.engine.Engine`.
    """

    async def server(request):
        return {"name": "rnnzoo", "version": rnnzoo.__version__, "extensions": v2.EXTENSIONS}

    async def live(request):
        return {"live": True}

    async def ready(request):
        unloaded = engine.unloaded()
        return json_answer(503 if unloaded else 200, {"ready": not unloaded})

    async def model_ready(request):
        name, *wanted = named(request)
        await engine.version(name, *wanted)
        return {"name": name, "ready": True}

    async def metadata(request):
        name, *wanted = named(request)
        _, version = await engine.version(name, *wanted)
        signature = request.query_params.get("signature_name")
        available = await engine.in_thread(engine.servable(name).available)
        return v2.metadata(name, available, version, signature)

    async def infer(request):
        check_model(request.path_params["name"])  # whatever the body is
        most_bytes = engine.limits.most_bytes
        body = await read_body(request, most_bytes)
        inference = await computed(
            engine, len(body), v2.inference_of, body, request.headers.get(LENGTH)
        )
        form = None

        async def read(version, states):
            nonlocal form
            arguments = inference, version, states, most_bytes
            inputs, form = await computed(engine, len(body), v2.read_inputs, *arguments)
            return inputs

        number, _, outputs = await engine.predict(
            named(request), inference.signature, read, inference.step
        )
        arguments = request.path_params["name"], number, outputs, form
        header, tensors = await computed(engine, size_of(outputs), v2.inferred, *arguments)
        if not tensors:
            return Response(header, media_type="application/json")
        headers = {LENGTH: str(len(header))}
        return Response(header + tensors, 200, headers, "application/octet-stream")

    def get(path, function):
        return Route(path, answered(function), methods=["GET"])  # and HEAD

    paths = "/v2/models/{name}/versions/{version}", "/v2/models/{name}"
    return [
        get("/v2", server),
        get("/v2/health/live", live),
        get("/v2/health/ready", ready),
        *(Route(f"{path}/infer", answered(infer), methods=["POST"]) for path in paths),
        *(get(f"{path}/ready", model_ready) for path in paths),
        *(get(path, metadata) for path in paths),
    ]
