"""`rnnzoo serve`: the REST application on a socket, until a signal ends it."""

import socket

import uvicorn

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.rest import create_app
from rnnzoo.pipelines.serving.servables import Servable


def serve(names, host, port, announce, at_once=True):
    """Serves models until SIGINT or SIGTERM.

    On a signal no new connection is taken and requests at work are answered, for up
    to ten seconds.

    Args:
        names: list of str.
        host: str, the address to listen at.
        port: int; 0 takes a free one.
        announce: function called with the server's address and the names once it listens.
        at_once: bool; False loads a model when it is first asked for.

    Raises:
        InputError: no such model, or an address that cannot be listened at.
    """
    servables = {name: Servable(name, at_once) for name in names}
    if not servables:
        raise InputError("there is no model to serve: `rnnzoo list` shows what there is")
    with _listening(host, port) as listener:
        bound = listener.getsockname()
        config = uvicorn.Config(
            create_app(servables), log_level="warning", timeout_graceful_shutdown=10
        )
        shown = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        announce(f"http://{shown}:{bound[1]}", list(servables))
        uvicorn.Server(config).run(sockets=[listener])


def _listening(host, port):
    """A socket bound before any request can come: a taken port is said at once."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except (OSError, OverflowError, UnicodeError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise InputError(
            f"cannot listen at {host}:{port} ({reason}): name another --host or --port"
        ) from None
    return listener
