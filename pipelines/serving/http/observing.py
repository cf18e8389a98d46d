"""Each HTTP request is counted, has an id, and is written to the access log."""

import itertools
import re
import secrets

PROTOCOL = "rest"
REQUEST_ID = b"x-request-id"
PROCESS, NUMBERS = secrets.token_hex(8), itertools.count()  # together an id, faster than UUIDs
TOKEN = re.compile(rb"[A-Za-z0-9._:/+=@-]{1,64}")


class Observed:
    """An ASGI application whose requests are counted by `Metrics.observed`.

    The client's `X-Request-ID` is returned if it is a short token, otherwise a new one.

    Args:
        app: the application.
        metrics: `rnnzoo.pipelines.serving.core.metrics.Metrics`.
        access_log: `rnnzoo.pipelines.serving.http.access_log.AccessLog`, or None.
    """

    def __init__(self, app, metrics, access_log=None):
        self._app, self._metrics, self._access_log = app, metrics, access_log

    async def __call__(self, scope, receive, send):
        """Answers a request, see ASGI."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request_id = _request_id(scope)
        bytes_in = bytes_out = 0

        async def observed_receive():
            nonlocal bytes_in
            message = await receive()
            bytes_in += len(message.get("body", b""))
            return message

        async def observed_send(message):
            nonlocal bytes_out
            if message["type"] == "http.response.start":
                record.code = str(message["status"])
                headers = [*message.get("headers", ()), (REQUEST_ID, request_id)]
                message = {**message, "headers": headers}
            elif scope["method"] != "HEAD":
                bytes_out += len(message.get("body", b""))
            await send(message)

        try:
            with self._metrics.observed(PROTOCOL, scope["headers"]) as record:
                await self._app(scope, observed_receive, observed_send)
        finally:
            if self._access_log is not None:
                self._access_log.write(
                    record,
                    request_id=request_id.decode(),
                    method=scope["method"],
                    path=scope["path"],
                    bytes_in=bytes_in,
                    bytes_out=bytes_out,
                )


def _request_id(scope):
    sent = dict(scope["headers"]).get(REQUEST_ID, b"")
    return sent if TOKEN.fullmatch(sent) else f"{PROCESS}{next(NUMBERS):016x}".encode()
