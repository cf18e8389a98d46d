"""`rnnzoo serve`: the REST application on a socket, until a signal ends it."""

import socket

import uvicorn

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.authentication import Authentication
from rnnzoo.pipelines.serving.connections import Connections, protocol
from rnnzoo.pipelines.serving.deadline import Deadline
from rnnzoo.pipelines.serving.key_file import KeyFile
from rnnzoo.pipelines.serving.limits import Limits
from rnnzoo.pipelines.serving.rest import create_app
from rnnzoo.pipelines.serving.sequence_file import read_sequences
from rnnzoo.pipelines.serving.servables import Servable


def serve(
    names, host, port, announce, at_once=True, keys=None, tls=None, limits=None, check=None,
    sequence_file=None,
):  # fmt: skip
    """Serves models until SIGINT or SIGTERM.

    After a signal new connections are refused, and running requests have ten seconds to end.

    Args:
        names: list of str.
        host: str, the address to listen at.
        port: int; 0 takes a free one.
        announce: function called with the server's address and the names once it listens.
        at_once: bool; False loads a model with its first request.
        keys: Path of the file of API keys, see `rnnzoo.pipelines.serving.keys`; None needs no key.
        tls: `rnnzoo.pipelines.serving.tls.Tls`; None serves HTTP.
        limits: `rnnzoo.pipelines.serving.limits.Limits`; None for the defaults.
        check: of the versions that may be loaded, see `Servable`; None for all.
        sequence_file: path, see `rnnzoo.pipelines.serving.rest.create_app`; or None.

    Raises:
        InputError: an invalid file of keys, a damaged `sequence_file`, no such model, or the server
            cannot listen at the address.
    """
    keys = None if keys is None else KeyFile(keys)  # before models are loaded
    if sequence_file is not None:
        read_sequences(sequence_file)  # a damaged one is refused before it listens
    servables = {name: Servable(name, at_once, check) for name in names}
    if not servables:
        raise InputError("there is no model to serve: `rnnzoo list` lists the models")
    with _listening(host, port) as listener:
        bound = listener.getsockname()
        config = configured(servables, keys, tls, limits, sequence_file)
        address = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        scheme = "https" if tls else "http"
        announce(f"{scheme}://{address}:{bound[1]}", list(servables))
        uvicorn.Server(config).run(sockets=[listener])


def configured(servables, keys=None, tls=None, limits=None, sequence_file=None):
    """The `uvicorn.Config` of a server: its application under keys and limits.

    Args:
        servables: dict from name to `Servable`.
        keys: `rnnzoo.pipelines.serving.key_file.KeyFile`, or None.
        tls, limits, sequence_file: see `serve`.
    """
    limits = limits or Limits()
    app = create_app(servables, limits, sequence_file)
    if limits.seconds is not None:
        app = Deadline(app, limits.seconds)
    if keys is not None:
        app = Authentication(app, keys)
    return uvicorn.Config(
        Connections(app),
        http=protocol(limits.most_connections),
        ws_max_size=limits.most_bytes,
        log_level="warning",
        timeout_graceful_shutdown=10,
        **(tls.options() if tls else {}),
    )


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
