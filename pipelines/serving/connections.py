"""Connections of a server: how many, and how long the head of a request may take to arrive.

uvicorn has no time limit for a head, and answers a connection too many without `Retry-After`. Its
option `http` takes a class of protocol: this one hands a `Connection` to the application, in the
state that uvicorn has for it.
"""

import asyncio

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from rnnzoo.pipelines.serving.answers import OPEN, refuse
from rnnzoo.pipelines.serving.statuses import Overloaded, status_of

HEAD_SECONDS = 30.0
SPARE = 100  # connections above the limit that are told so; more are closed at once
STATE = "rnnzoo.connection"
LATE = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Connection:
    """A connection: whether it is one too many, and the time that its next head has.

    Args:
        pool: set of all `Connection` that are open.
        most: int, how many may be.
        seconds: float, that a head may take.
    """

    def __init__(self, pool, most, seconds):
        self._pool, self._most, self._seconds = pool, most, seconds
        self._transport = self._timer = None
        self._requests = 0  # that are being answered
        self.is_excess = False

    def open(self, transport):
        """Counts the connection; one far above the limit is closed."""
        self._transport = transport
        if len(self._pool) >= self._most:
            # WebSockets close without a word to the protocol that their connection began with.
            self._pool -= {c for c in self._pool if c.is_closing()}
        self._pool.add(self)
        self.is_excess = len(self._pool) > self._most
        if len(self._pool) > self._most + SPARE:
            self._pool.discard(self)
            transport.abort()
        else:
            self.expect_head()

    def is_closing(self):
        """Whether the connection is closed, or about to be."""
        return self._transport.is_closing()

    def close(self):
        """Does not count the connection any longer."""
        self._pool.discard(self)
        self._stop_timer()

    def expect_head(self):
        """Starts the time of a head, unless it runs or a request is being answered."""
        if self._timer is None and not self._requests:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._seconds, self._end)

    def begin(self):
        """A head has arrived."""
        self._requests += 1
        self._stop_timer()

    def finish(self):
        """A request has been answered."""
        self._requests -= 1

    def _stop_timer(self):
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self):
        self._timer = None
        if not self._requests and not self.is_closing():
            self._transport.write(LATE)
            self._transport.close()


def protocol(most, seconds=HEAD_SECONDS):
    """The class of protocol for `uvicorn.Config(http=...)`.

    Args:
        most: int, connections.
        seconds: float, that the head of a request may take.
    """
    pool = set()

    class Limited(AutoHTTPProtocol):
        """HTTP on a connection that is counted."""

        def __init__(self, *arguments, app_state, **options):
            self._connection = Connection(pool, most, seconds)
            state = {**app_state, STATE: self._connection}
            super().__init__(*arguments, app_state=state, **options)

        def connection_made(self, transport):
            super().connection_made(transport)
            self._connection.open(transport)

        def data_received(self, data):
            self._connection.expect_head()
            super().data_received(data)

        def connection_lost(self, problem):
            self._connection.close()
            super().connection_lost(problem)

    return Limited


class Connections:
    """An ASGI application that tells its connections when a request begins and ends.

    A request on a connection too many is answered with status 503, but for those of probes.

    Args:
        app: the application, on the protocol of `protocol`.
    """

    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        """Answers a request of ASGI."""
        connection = scope.get("state", {}).get(STATE)
        if connection is None or scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection.begin()
        try:
            if connection.is_excess and scope["path"].rstrip("/") not in OPEN:
                problem = Overloaded("too many connections: try again in a second")
                status = status_of(problem)
                await refuse(scope, receive, send, status, {"Connection": "close"})
            else:
                await self._app(scope, receive, send)
        finally:
            connection.finish()
