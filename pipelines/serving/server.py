"""`rnnzoo serve`: the application on a socket, and gRPC, until a signal ends them."""

import asyncio
import gc
import logging
import socket

import uvicorn

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.access.key_file import KeyFile
from rnnzoo.pipelines.serving.app import create_app
from rnnzoo.pipelines.serving.core.batching import DEFAULT
from rnnzoo.pipelines.serving.core.engine import Engine
from rnnzoo.pipelines.serving.core.sequence_file import read_sequences
from rnnzoo.pipelines.serving.http.access_log import AccessLog
from rnnzoo.pipelines.serving.http.connections import protocol
from rnnzoo.pipelines.serving.models.configured import Poller
from rnnzoo.pipelines.serving.models.servables import Servable

GRACE = 10  # seconds that running requests have to end after a signal
MOST_PORT = 65_535


def serve(
    names,
    host,
    port,
    announce,
    *,
    at_once=True,
    config=None,
    check=None,
    keys=None,
    tls=None,
    limits=None,
    batching=DEFAULT,
    origins=(),
    access_log=None,
    sequence_file=None,
    grpc_port=None,
):
    """Serves models until SIGINT or SIGTERM.

    After a signal new connections are refused, and running requests have ten seconds to end.

    Args:
        names: list of str.
        host: str, the address to listen at.
        port: int; 0 takes a free one.
        announce: function called with the server's address, the names, and the address of gRPC or
            None, once it listens.
        at_once: bool; False loads a model with its first request.
        config: str, a file of `models.configuration`, instead of names; or None.
        check: of the versions that may be loaded, see `Servable`; None for all.
        keys: Path of the file of API keys, see `access.keys`; None needs no key.
        tls: `rnnzoo.pipelines.serving.access.tls.Tls`; None serves HTTP.
        limits: `rnnzoo.pipelines.serving.core.limits.Limits`; None for the defaults.
        batching: `rnnzoo.pipelines.serving.core.batching.Batching` of models whose configuration
            has none.
        origins: list of str, see `rnnzoo.pipelines.serving.app.create_app`.
        access_log: str, the file of the access log, `-` for standard output; or None.
        sequence_file: path, see `rnnzoo.pipelines.serving.app.create_app`; or None.
        grpc_port: int; 0 takes a free one, None serves no gRPC.

    Raises:
        InputError: an invalid file of keys or configuration, a damaged `sequence_file`, no such
            model, the access log cannot be written, or the server cannot listen at the address.
        ImportError: a package of the extra `grpc` is missing, and `grpc_port` is not None.
    """
    if grpc_port is not None:
        from rnnzoo.pipelines.serving.grpc.server import GrpcServer
    # What is invalid is refused before models are loaded, and before the server listens.
    keys = None if keys is None else KeyFile(keys)
    log = None if access_log is None else AccessLog(access_log)
    if sequence_file is not None:
        read_sequences(sequence_file)
    leave_imports_uncollected()
    servables = {name: Servable(name, at_once, check) for name in names}
    engine = Engine(servables, limits, names if at_once else (), batching)
    poller = None if config is None else Poller(config, engine, check)
    if poller is None and not servables:
        raise InputError("there is no model to serve: `rnnzoo list` lists the models")
    app = create_app(engine, keys, origins, log, sequence_file)
    with _listening(host, port) as listener:
        bound = listener.getsockname()
        address = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        scheme = "https" if tls else "http"
        grpc_server = None
        if grpc_port is not None:
            # gRPC binds a port itself, and does not say why it cannot.
            _listening(host, grpc_port, "--grpc-port").close()
            grpc_server = GrpcServer(engine, bound[0], grpc_port, keys, tls)
        if poller and sequence_file is not None:
            poller.poll()  # sequences are restored for models that are loaded

        def started(grpc_address):
            if poller:
                poller.start()
            models = poller.names() if poller else list(servables)
            announce(f"{scheme}://{address}:{bound[1]}", models, grpc_address)

        config = configured(app, engine.limits, tls)
        HttpServer(config, grpc_server, started, engine.generation.stop).run(sockets=[listener])


def leave_imports_uncollected():
    """Takes the objects of imports, which are for good, from those that Python's collector visits.

    The graphs of a version that is replaced are cycles, of megabytes. The collector looks for old
    ones when new objects are a quarter of all: beside half a million of imports, after a score of
    versions, and then for long.
    """
    gc.collect()
    gc.freeze()
    gc.collect()  # it counts all objects


class HttpServer(uvicorn.Server):
    """A server of HTTP whose event loop has a server of gRPC too.

    Args:
        config: `uvicorn.Config`.
        grpc_server: `rnnzoo.pipelines.serving.grpc.server.GrpcServer`, or None.
        started: function called with the address of gRPC, or None, once both listen.
        stopping: function called before requests that run are waited for.
    """

    def __init__(self, config, grpc_server, started, stopping):
        super().__init__(config)
        self._grpc_server, self._started, self._stopping = grpc_server, started, stopping

    async def startup(self, sockets=None):
        """Listens for both."""
        address = await self._grpc_server.start() if self._grpc_server else None
        await super().startup(sockets)
        self._started(address)

    async def shutdown(self, sockets=None):
        """Ends both at the same time; running requests have `GRACE` seconds."""
        self._stopping()
        stopping = [super().shutdown(sockets)]
        if self._grpc_server:
            stopping.append(self._grpc_server.stop(GRACE))
        await asyncio.gather(*stopping)


def configured(app, limits, tls=None):
    """The `uvicorn.Config` of a server.

    Args:
        app: the application.
        limits, tls: see `serve`.
    """
    config = uvicorn.Config(
        app,
        http=protocol(limits.most_connections),
        ws_max_size=limits.most_bytes,
        log_level="warning",
        timeout_graceful_shutdown=GRACE,
        **(tls.options() if tls else {}),
    )
    logging.getLogger("uvicorn.error").addFilter(_in_one_line)
    return config


def _in_one_line(record):
    """A filter of log records: text of a WebSocket that is no UTF-8 is no defect of the server."""
    if record.exc_info and isinstance(record.exc_info[1], UnicodeDecodeError):
        record.exc_info = None
    return True


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
