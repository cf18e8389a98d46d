"""`rnnzoo serve`: the application on a socket, until a signal ends it."""

import socket

import uvicorn

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.app import create_app
from rnnzoo.pipelines.serving.servables import Servable


def serve(names, host, port, announce, at_once=True):
    """Serves models until SIGINT or SIGTERM.

    After a signal new connections are refused, and running requests have ten seconds to end.

    Args:
        names: list of str.
        host: str, the address to listen at.
        port: int; 0 takes a free one.
        announce: function called with the server's address and the names once it listens.
        at_once: bool; False loads a model with its first request.

    Raises:
        InputError: no such model, or the server cannot listen at the address.
    """
    servables = {name: Servable(name, at_once) for name in names}
    if not servables:
        raise InputError("there is no model to serve: `rnnzoo list` lists the models")
    with _listening(host, port) as listener:
        bound = listener.getsockname()
        config = uvicorn.Config(
            create_app(servables), log_level="warning", timeout_graceful_shutdown=10
        )
        address = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        announce(f"http://{address}:{bound[1]}", list(servables))
        uvicorn.Server(config).run(sockets=[listener])


def _listening(host, port):
    """A listening socket, bound before the server starts: a taken port is reported at once."""
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
