"""`rnnzoo serve`: the REST application on a socket, until a signal ends it."""

import socket

import uvicorn

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.access_log import AccessLog
from rnnzoo.pipelines.serving.configured import Poller
from rnnzoo.pipelines.serving.rest import create_app
from rnnzoo.pipelines.serving.servables import Servable


def serve(names, host, port, announce, at_once=True, access_log=None, origins=(), config=None):
    """Serves models until SIGINT or SIGTERM.

    After a signal new connections are refused, and running requests have ten seconds to end.

    Args:
        names: list of str.
        host: str, the address to listen at.
        port: int; 0 takes a free one.
        announce: function called with the server's address and the names once it listens.
        at_once: bool; False loads a model with its first request.
        access_log: str, the file of the access log, `-` for standard output; or None.
        origins: list of str, the origins whose pages may send requests; `*` is every origin.
        config: str, a file of `rnnzoo.pipelines.serving.configuration`, instead of names; or None.

    Raises:
        InputError: no such model, the configuration is invalid, the access log cannot be written,
            or the server cannot listen at the address.
    """
    log = None if access_log is None else AccessLog(access_log)
    servables = {name: Servable(name, at_once) for name in names}
    app = create_app(servables, names if at_once else (), log, origins)
    if config is not None:
        poller = Poller(config, app.state.engine)
    elif not servables:
        raise InputError("there is no model to serve: `rnnzoo list` lists the models")
    with _listening(host, port) as listener:
        bound = listener.getsockname()
        options = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=10)
        address = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        announce(
            f"http://{address}:{bound[1]}", list(servables) if config is None else poller.names()
        )
        if config is not None:
            poller.start()
        uvicorn.Server(options).run(sockets=[listener])


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
