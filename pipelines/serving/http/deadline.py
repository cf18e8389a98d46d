"""A time limit per request, as ASGI middleware."""

import asyncio

from rnnzoo.pipelines.serving.http.answers import refuse
from rnnzoo.pipelines.serving.statuses import DeadlineExceeded, status_of


class Deadline:
    """An ASGI application whose requests are answered in time, or with status 504.

    The time ends with the first byte of an answer: streams, and WebSockets, have no limit. What
    waits is forgotten; a batch that is at work is not stopped, and its other requests are answered.

    Args:
        app: the application.
        seconds: float.
    """

    def __init__(self, app, seconds):
        self._app, self._seconds = app, seconds

    async def __call__(self, scope, receive, send):
        """Answers a request of ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._seconds) as timeout:

                async def send_in_time(message):
                    timeout.reschedule(None)
                    await send(message)

                await self._app(scope, receive, send_in_time)
        except TimeoutError:
            if not timeout.expired():
                raise
            problem = DeadlineExceeded(f"no answer within {self._seconds:g} s: send less at once")
            await refuse(scope, receive, send, status_of(problem))
