"""Serve pretrained models over HTTP and gRPC."""

import argparse
import json
import os
import re
import sys
from pathlib import Path

from rnnzoo.cli._frame_network import add_frame_network, network_for, reads_videos
from rnnzoo.datasets.common.atomic_write import writable
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import info, list_models, located

LIMITS = [
    ("--most-bytes", int, "bytes of a body, unpacked too (4194304)"),
    ("--most-rows", int, "rows of a request (any number)"),
    ("--most-elements", int, "elements of a tensor of a request (any number)"),
    ("--most-waiting", int, "rows that wait for a signature; more get status 503 (4096)"),
    ("--most-connections", int, "connections; requests on more get status 503 (1000)"),
    ("--seconds", float, "until a request is answered, or gets status 504 (any time)"),
    ("--sequence-seconds", float, "after which a sequence that is not continued ends (600)"),
    ("--sequence-bytes", int, "bytes of the states of all sequences (268435456)"),
]


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("names", nargs="*", metavar="NAME", help="models (default: all)")
    command.add_argument("--host", default="127.0.0.1", help="address (this machine only)")
    add_frame_network(command)
    command.add_argument("--port", type=int, default=8501, help="0 takes a free one (8501)")
    command.add_argument(
        "--grpc-port", type=int, help="serve gRPC too; 0 takes a free port (default: no gRPC)"
    )
    command.add_argument(
        "--config", metavar="FILE", help="models, versions and labels as TOML, read again and again"
    )
    command.add_argument(
        "--sequences",
        metavar="FILE",
        help="the states of sequences are written to this file (.npz) when the server is stopped, "
        "and read from it when it starts",
    )
    command.add_argument(
        "--access-log", metavar="FILE", help="append requests as JSON lines; - is standard output"
    )
    _add_access(command.add_argument_group("who may send requests, and which models are loaded"))
    group = command.add_argument_group("limits")
    for option, kind, meaning in LIMITS:
        group.add_argument(option, type=kind, metavar="N", help=meaning)
    group = command.add_argument_group("batches")
    group.add_argument(
        "--batch-rows", type=int, default=64, metavar="N", help="rows of a batch at most (64)"
    )
    group.add_argument(
        "--batch-seconds",
        type=float,
        default=0.0,
        metavar="S",
        help="how long a request waits for others while nothing is at work (0)",
    )


def _add_access(group):
    group.add_argument(
        "--keys", type=Path, metavar="FILE", help="TOML of API keys: requests need a key"
    )
    group.add_argument("--tls-cert", type=Path, metavar="FILE", help="PEM of a certificate: HTTPS")
    group.add_argument("--tls-key", type=Path, metavar="FILE", help="PEM of its key")
    group.add_argument(
        "--client-ca",
        type=Path,
        metavar="FILE",
        help="PEM of authorities: clients need a certificate of one of them",
    )
    group.add_argument(
        "--allow-origin",
        metavar="ORIGIN",
        action="append",
        type=origin,
        default=[],
        help="web pages of it may send requests, as https://example.org; * is all (repeatable)",
    )
    group.add_argument(
        "--trust",
        type=Path,
        action="append",
        default=[],
        metavar="KEYS.pem",
        help="load only versions signed by one of these public keys (repeatable)",
    )
    group.add_argument(
        "--allow",
        type=Path,
        metavar="FILE",
        help="load only versions whose SHA256SUMS has a sha256 of this file",
    )


def origin(text):
    """Returns the origin of web pages, or `*`.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    if text != "*" and not re.fullmatch(r"https?://[A-Za-z0-9.\[\]:_-]+", text):
        raise argparse.ArgumentTypeError(
            f"{shown(text)} is no origin: give scheme and host, as https://example.org, or *"
        )
    return text


def run(options):
    """Serves until Ctrl-C or SIGTERM."""
    from rnnzoo.pipelines.serving.core.batching import batching_of

    tls, limits, check = _tls(options), _limits(options), _trust(options)
    batching = batching_of(options.batch_rows, options.batch_seconds)
    if options.config is not None and (options.names or options.frame_network):
        other = "names of models" if options.names else "--frame-network"
        raise InputError(f"--config {options.config} and {other}: give one of them")
    names = options.names or list_models(pretrained=True) if options.config is None else []
    for name in names:
        located(name)
        if "/" in name:
            raise InputError(f"{name}: name a model, the request names the version")
    file = None if options.sequences is None else writable(options.sequences, ".npz")
    import_keras()
    if options.frame_network:
        cards = list(map(info, names))
        for card in list(filter(reads_videos, cards)) or cards[:1]:
            network_for(card, options.frame_network)
    try:
        from rnnzoo.pipelines.serving.server import serve
    except ImportError as problem:
        raise InputError(f"serving needs {problem.name}: pip install 'rnnzoo[serve]'") from None

    def announce(address, served, grpc_address):
        if options.json:
            grpc = {"grpc_address": grpc_address} if grpc_address else {}
            print(json.dumps({"address": address, "models": served, **grpc}), flush=True)
        else:
            grpc = f" and by gRPC at {grpc_address}" if grpc_address else ""
            print(f"serving {', '.join(served)} at {address}/v1/models/{grpc}", flush=True)

    try:
        serve(
            names,
            options.host,
            options.port,
            announce,
            at_once=bool(options.names),
            config=options.config,
            check=check,
            keys=options.keys,
            tls=tls,
            limits=limits,
            batching=batching,
            origins=options.allow_origin,
            access_log=options.access_log,
            sequence_file=file,
            grpc_port=options.grpc_port,
        )
    except ImportError as problem:
        if options.grpc_port is None:
            raise
        raise InputError(f"--grpc-port needs {problem.name}: pip install 'rnnzoo[grpc]'") from None
    except KeyboardInterrupt:
        pass  # the way to end it
    # A request that was not done in time is at work in a thread that would be waited for.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _tls(options):
    """The `Tls` of the options, whose files are checked; None for HTTP."""
    from rnnzoo.pipelines.serving.access.tls import Tls

    if (options.tls_cert is None) != (options.tls_key is None):
        raise InputError("give both --tls-cert and --tls-key, or none of them")
    if options.tls_cert is None:
        if options.client_ca is not None:
            raise InputError("--client-ca is for HTTPS: give --tls-cert and --tls-key too")
        return None
    return Tls(options.tls_cert, options.tls_key, options.client_ca)


def _limits(options):
    """The `Limits` of the options."""
    from rnnzoo.pipelines.serving.core.limits import Limits

    fields = [option.removeprefix("--").replace("-", "_") for option, _, _ in LIMITS]
    values = {field: getattr(options, field) for field in fields}
    return Limits(**{field: value for field, value in values.items() if value is not None})


def _trust(options):
    """The `Trust` of the options; None to load any version."""
    if not options.trust and options.allow is None:
        return None
    from rnnzoo.pipelines.serving.models.trust import Trust

    return Trust(options.trust, options.allow)
