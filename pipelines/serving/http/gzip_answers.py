"""Answers are gzip for clients that accept it."""

import re

from starlette.middleware.gzip import GZipMiddleware

SMALLEST = 1025  # bytes of a body
LEVEL = 5  # level 9 takes several times as long for numbers, and saves 1 %
ACCEPTED = b"accept-encoding"
REFUSED = re.compile(rb"\bgzip\s*;\s*q=0(\.0*)?\s*(,|$)")


class GzipAnswers(GZipMiddleware):
    """An ASGI application whose bodies above 1 KiB are gzip for `Accept-Encoding: gzip`.

    Args:
        app: the application.
    """

    def __init__(self, app):
        super().__init__(app, minimum_size=SMALLEST, compresslevel=LEVEL)

    async def __call__(self, scope, receive, send):
        """Answers a request, see ASGI."""
        if scope["type"] == "http":
            # Starlette takes `gzip;q=0`, which refuses it, as accepting it.
            headers = [
                (name, b"identity" if name == ACCEPTED and REFUSED.search(value) else value)
                for name, value in scope["headers"]
            ]
            scope = {**scope, "headers": headers}
        await super().__call__(scope, receive, send)
