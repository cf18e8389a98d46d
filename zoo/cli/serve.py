"""Serve pretrained models over TensorFlow Serving's REST and gRPC interfaces."""

import json
import os
import sys

from rnnzoo.cli._frame_network import add_frame_network, network_for, reads_videos
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import info, list_models, located


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("names", nargs="*", metavar="NAME", help="models (default: all)")
    command.add_argument("--host", default="127.0.0.1", help="address (this machine only)")
    add_frame_network(command)
    command.add_argument("--port", type=int, default=8501, help="0 takes a free one (8501)")
    command.add_argument(
        "--grpc-port", type=int, help="serve gRPC too; 0 takes a free port (default: no gRPC)"
    )


def run(options):
    """Serves until Ctrl-C or SIGTERM."""
    names = options.names or list_models(pretrained=True)
    for name in names:
        located(name)
        if "/" in name:
            raise InputError(f"{name}: name a model, the request names the version")
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

    arguments = names, options.host, options.port, announce
    try:
        serve(*arguments, at_once=bool(options.names), grpc_port=options.grpc_port)
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
