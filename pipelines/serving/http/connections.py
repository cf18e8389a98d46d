"""Connections of a server: how many, and how long and large the head of a request may be.

uvicorn has no time limit for a head, by httptools none of its size, and answers a connection too
many without `Retry-After`. Its option `http` takes a class of protocol: this one hands a
`Connection` to the application, in the state that uvicorn has for it.
"""

import asyncio

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from rnnzoo.pipelines.serving.http.answers import OPEN, refuse
from rnnzoo.pipelines.serving.statuses import Overloaded, status_of

HEAD_SECONDS = 30.0
HEAD_BYTES = 2**16
SPARE = 100  # connections above the limit that are told so; more are closed at once
STATE = "rnnzoo.connection"
LATE, LARGE = (
    b"HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % status
    for status in (b"408 Request Timeout", b"431 Request Header Fields Too Large")
)


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
        self._bytes = self._unread = 0  # of a head; of the body before it
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
            self._start_timer()

    def is_closing(self):
        """Whether the connection is closed, or about to be."""
        return self._transport.is_closing()

    def close(self):
        """Does not count the connection any longer."""
        self._pool.discard(self)
        self._stop_timer()

    def receive(self, size):
        """Counts bytes that have arrived; those of a head have so much time, and space."""
        if self._requests:
            return
        self._start_timer()
        self._bytes += size
        if self._bytes > HEAD_BYTES + self._unread:
            # After the task of a request whose head they have completed, which calls `begin`.
            asyncio.get_running_loop().call_soon(self._check_size)

    def begin(self):
        """A head has arrived."""
        self._requests += 1
        self._bytes = self._unread = 0
        self._stop_timer()

    def finish(self, unread):
        """A request has been answered.

        Args:
            unread: int, bytes of its body that may still arrive.
        """
        self._requests -= 1
        self._unread = unread

    def _check_size(self):
        if self._bytes > HEAD_BYTES + self._unread:
            self._end(LARGE)

    def _start_timer(self):
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._seconds, self._end, LATE)

    def _stop_timer(self):
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self, answer):
        self._stop_timer()
        if not self._requests and not self.is_closing():
            self._transport.write(answer)
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
            super().data_received(data)
            self._connection.receive(len(data))  # behind the task of a request that it began

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
        unread = _length(scope["headers"])

        async def counted():
            nonlocal unread
            message = await receive()
            unread -= len(message.get("body", b""))
            return message

        async def send_if_open(message):
            try:
                await send(message)
            except RuntimeError:
                # uvicorn closes a connection whose next request is broken, and does not tell this
                # one, of which uvloop refuses to write the answer.
                if scope["type"] != "http" or not connection.is_closing():
                    raise

        try:
            if connection.is_excess and scope["path"].rstrip("/") not in OPEN:
                problem = Overloaded("too many connections: try again in a second")
                status = status_of(problem)
                await refuse(scope, counted, send_if_open, status, {"Connection": "close"})
            else:
                await self._app(scope, counted, send_if_open)
        finally:
            connection.finish(max(0, unread))


def _length(headers):
    """The bytes of a request's body; 0 if that is not said."""
    value = dict(headers).get(b"content-length", b"0")
    return int(value) if value.isdigit() and len(value) < 20 else 0
