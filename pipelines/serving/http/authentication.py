"""API keys as ASGI middleware: every route is under it, of HTTP and of WebSockets."""

from rnnzoo.pipelines.serving.access.keys import set_key
from rnnzoo.pipelines.serving.http.answers import OPEN, refuse
from rnnzoo.pipelines.serving.statuses import Unauthenticated, status_of

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="rnnzoo"'}


class Authentication:
    """An ASGI application whose requests need an API key.

    A WebSocket is a request that runs until it is closed; its messages are read at the rate of the
    key.

    Args:
        app: the application.
        keys: `rnnzoo.pipelines.serving.access.key_file.KeyFile`.
    """

    def __init__(self, app, keys):
        self._app, self._keys = app, keys

    async def __call__(self, scope, receive, send):
        """Answers a request of ASGI."""
        if scope["type"] not in ("http", "websocket") or scope["path"].rstrip("/") in OPEN:
            await self._app(scope, receive, send)
            return
        admitted = self._keys.admitted(secret_of(scope["headers"]))
        try:
            key = admitted.__enter__()
        except Exception as problem:
            headers = CHALLENGE if isinstance(problem, Unauthenticated) else {}
            await refuse(scope, receive, send, status_of(problem), headers)
            return
        try:
            set_key(key)
            if scope["type"] == "websocket":
                receive = self._paced(key, receive)
            await self._app(scope, receive, send)
        finally:
            admitted.__exit__(None, None, None)

    def _paced(self, key, receive):
        async def receive_in_pace():
            message = await receive()
            if message["type"] == "websocket.receive":
                await self._keys.paced(key)
            return message

        return receive_in_pace


def secret_of(headers):
    """The key that a request has: bytes; None if it has none.

    Args:
        headers: iterable of (name, value), bytes, names in small letters.
    """
    values = dict(reversed(list(headers)))  # the first of a name
    scheme, _, secret = values.get(b"authorization", b"").strip().partition(b" ")
    if scheme.lower() == b"bearer" and secret.strip():
        return secret.strip()
    return values.get(b"x-api-key", b"").strip() or None
