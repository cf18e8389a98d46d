"""What the endpoints of all protocols over HTTP have in common: JSON, errors, and threads."""

from starlette.requests import ClientDisconnect
from starlette.responses import Response

from rnnzoo.pipelines.serving.protocols.json_text import encoded
from rnnzoo.pipelines.serving.statuses import status_of

GONE = 499  # for metrics and the access log, as nginx has it: the client does not read it
SMALL = 2**16  # bytes of a body, and numbers of outputs, which take about a millisecond


def answered(function):
    """An endpoint that answers with the JSON value of a coroutine, or with what it raises.

    Args:
        function: coroutine function from a `starlette.requests.Request` to a JSON value or a
            `starlette.responses.Response`.
    """

    async def endpoint(request):
        try:
            content = await function(request)
        except ClientDisconnect:
            return Response(status_code=GONE)
        except Exception as problem:  # a defect must not end the server
            status = status_of(problem)
            return error(status.http, status.message, status.retry_after)
        return content if isinstance(content, Response) else json_answer(200, content)

    return endpoint


def error(status, reason, retry_after=None):
    """The answer `{"error": reason}`.

    Args:
        status: int, of HTTP.
        reason: str.
        retry_after: int, seconds; None if trying again is useless.
    """
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return json_answer(status, {"error": str(reason)}, headers)


def json_answer(status, content, headers=None):
    """An answer whose body is a JSON value.

    Args:
        status: int, of HTTP.
        content: a JSON value.
        headers: dict.
    """
    return Response(encoded(content), status, headers, "application/json")


async def computed(engine, size, function, *arguments):
    """What a function returns; it is called in another thread if other requests had to wait.

    Args:
        engine: `rnnzoo.pipelines.serving.core.engine.Engine`.
        size: int, bytes or numbers that the function goes through.
        function: function of `arguments`.
        *arguments: its arguments.
    """
    if size <= SMALL:
        return function(*arguments)
    return await engine.in_thread(function, *arguments)


def size_of(outputs):
    """The numbers of all outputs, an int.

    Args:
        outputs: dict of arrays.
    """
    return sum(output.size for output in outputs.values())


def named(connection):
    """(name, version or None, label or None) of the model in the path of a request."""
    path = connection.path_params
    return path["name"], path.get("version"), path.get("label")
