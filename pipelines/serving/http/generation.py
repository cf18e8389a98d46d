"""Texts over HTTP: `:generate`, as server-sent events or as a whole.

    POST MODEL:generate    {"prompt": "ROMEO:", "length": 200, "temperature": 0.8, "seed": 1}

An event is `data: {"text": "c"}`, a character, and the last one `data: {"done": true, "length": n}`
or `data: {"error": reason, "status": status}`. With `"stream": false` the answer is a single
`{"text": ...}`.
"""

from starlette.responses import StreamingResponse
from starlette.routing import Route

from rnnzoo.pipelines.serving.access.keys import check_model
from rnnzoo.pipelines.serving.core.records import current
from rnnzoo.pipelines.serving.core.steps import STEP
from rnnzoo.pipelines.serving.http.bodies import read_body
from rnnzoo.pipelines.serving.http.endpoints import answered, named
from rnnzoo.pipelines.serving.http.tensorflow import MODELS
from rnnzoo.pipelines.serving.protocols import generation
from rnnzoo.pipelines.serving.statuses import status_of


def routes(engine):
    """list of `starlette.routing.Route`.

    Args:
        engine: `rnnzoo.pipelines.serving.core.engine.Engine`.
    """

    async def generate(request):
        check_model(request.path_params["name"])  # whatever the body is
        body = await read_body(request, engine.limits.most_bytes)
        settings, is_stream = generation.request_of(body)
        _, version = await engine.version(*named(request))
        current().signature = STEP
        characters = engine.generation.characters(version, settings)
        # With the first character it is known whether the prompt is refused.
        first = await anext(characters)
        if not is_stream:
            return {"text": first + "".join([character async for character in characters])}
        return StreamingResponse(
            _events(first, characters),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
        )

    return [Route(f"{path}:generate", answered(generate), methods=["POST"]) for path in MODELS]


async def _events(first, characters):
    """Yields the events of a text, bytes each."""
    length = 1
    yield generation.event({"text": first})
    try:
        async for character in characters:
            length += 1
            yield generation.event({"text": character})
        yield generation.event({"done": True, "length": length})
    except Exception as problem:  # the status was sent with the first character
        status = status_of(problem)
        yield generation.event({"error": status.message, "status": status.http})
    finally:
        await characters.aclose()
