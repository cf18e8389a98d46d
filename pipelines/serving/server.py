"""`rnnzoo serve`: the REST application and the gRPC service, until a signal ends them."""

import asyncio
import socket

import uvicorn

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.engine import Engine
from rnnzoo.pipelines.serving.rest import create_app
from rnnzoo.pipelines.serving.servables import Servable

GRACE = 10  # seconds that running requests have to end after a signal
MOST_PORT = 65_535


def serve(names, host, port, announce, at_once=True, grpc_port=None):
    """Serves models until SIGINT or SIGTERM.

    After a signal new connections are refused, and running requests have ten seconds to end.

    Args:
        names: list of str.
        host: str, the address to listen at.
        port: int; 0 takes a free one.
        announce: function called with the server's address, the names and the address of gRPC, or
            None, once it listens.
        at_once: bool; False loads a model with its first request.
        grpc_port: int; 0 takes a free one, None serves no gRPC.

    Raises:
        InputError: no such model, or the server cannot listen at the address.
        ImportError: a package of the extra `grpc` is missing, and `grpc_port` is given.
    """
    if grpc_port is not None:
        from rnnzoo.pipelines.serving import grpc_service
    servables = {name: Servable(name, at_once) for name in names}
    if not servables:
        raise InputError("there is no model to serve: `rnnzoo list` lists the models")
    engine = Engine(servables)
    with _listening(host, port) as listener:
        bound = listener.getsockname()
        config = uvicorn.Config(
            create_app(servables, engine), log_level="warning", timeout_graceful_shutdown=GRACE
        )
        address = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        grpc_server = None
        if grpc_port is not None:
            # gRPC binds a port itself, and does not say why it cannot.
            _listening(host, grpc_port, "--grpc-port").close()
            grpc_server = grpc_service.Server(engine, bound[0], grpc_port)

        def started(grpc_address):
            announce(f"http://{address}:{bound[1]}", list(servables), grpc_address)

        HttpServer(config, grpc_server, started).run(sockets=[listener])


class HttpServer(uvicorn.Server):
    """A server of HTTP whose event loop has a server of gRPC too.

    Args:
        config: `uvicorn.Config`.
        grpc_server: `rnnzoo.pipelines.serving.grpc_service.Server`, or None.
        started: function called with the address of gRPC, or None, once both listen.
    """

    def __init__(self, config, grpc_server, started):
        super().__init__(config)
        self._grpc_server, self._started = grpc_server, started

    async def startup(self, sockets=None):
        """Listens for both."""
        address = await self._grpc_server.start() if self._grpc_server else None
        await super().startup(sockets)
        self._started(address)

    async def shutdown(self, sockets=None):
        """Ends both at the same time; running requests have `GRACE` seconds."""
        stopping = [super().shutdown(sockets)]
        if self._grpc_server:
            stopping.append(self._grpc_server.stop(GRACE))
        await asyncio.gather(*stopping)


def _listening(host, port, option="--port"):
    """A listening socket, bound before the server starts: a taken port is reported at once."""
    if not 0 <= port <= MOST_PORT:  # the system would take a part of the number
        raise InputError(f"{option}={port}: give 0 to {MOST_PORT}")
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
            f"cannot listen at {host}:{port} ({reason}): name another --host or {option}"
        ) from None
    return listener
