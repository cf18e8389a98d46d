"""Serve pretrained models over TensorFlow Serving's REST interface."""

import argparse
import json
import os
import re
import sys

from rnnzoo.cli._frame_network import add_frame_network, network_for, reads_videos
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import info, list_models, located


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("names", nargs="*", metavar="NAME", help="models (default: all)")
    command.add_argument("--host", default="127.0.0.1", help="address (this machine only)")
    add_frame_network(command)
    command.add_argument("--port", type=int, default=8501, help="0 takes a free one (8501)")
    command.add_argument(
        "--config", metavar="FILE", help="models, versions and labels as TOML, read again and again"
    )
    command.add_argument(
        "--access-log", metavar="FILE", help="append requests as JSON lines; - is standard output"
    )
    command.add_argument(
        "--allow-origin",
        metavar="ORIGIN",
        action="append",
        type=origin,
        default=[],
        help="web pages of it may send requests, as https://example.org; * is all (repeatable)",
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
    if options.config is not None and (options.names or options.frame_network):
        other = "names of models" if options.names else "--frame-network"
        raise InputError(f"--config {options.config} and {other}: give one of them")
    names = options.names or list_models(pretrained=True) if options.config is None else []
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

    def announce(address, served):
        if options.json:
            print(json.dumps({"address": address, "models": served}), flush=True)
        else:
            print(f"serving {', '.join(served)} at {address}/v1/models/", flush=True)

    try:
        serve(
            names,
            options.host,
            options.port,
            announce,
            at_once=bool(options.names),
            access_log=options.access_log,
            origins=options.allow_origin,
            config=options.config,
        )
    except KeyboardInterrupt:
        pass  # the way to end it
    # A request that was not done in time is at work in a thread that would be waited for.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
