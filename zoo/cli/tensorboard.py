"""Open the training of pretrained models, and your own trainings, in TensorBoard."""

import json
import logging
import signal

from rnnzoo.cli.quiet import import_keras
from rnnzoo.datasets.errors import InputError
from rnnzoo.registry import located


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("names", nargs="*", metavar="NAME", help="pretrained models to show")
    command.add_argument("--host", default="127.0.0.1", help="address (this machine only)")
    command.add_argument("--port", type=int, default=6006, help="0 takes a free one (6006)")


def run(options):
    """Serves TensorBoard until Ctrl-C or SIGTERM."""
    for name in options.names:
        located(name)
    import_keras()
    from tensorboard import program

    from rnnzoo.pipelines.training_logs import open_history, root

    for name in options.names:
        open_history(name)
    root().mkdir(parents=True, exist_ok=True)
    logging.getLogger("tensorboard").setLevel(logging.ERROR)
    board = program.TensorBoard()
    board.configure(
        logdir=str(root()), host=options.host, port=options.port or None, load_fast="false"
    )
    try:
        address = board.launch()
    except program.TensorBoardServerException as problem:
        raise InputError(
            f"cannot listen at {options.host}:{options.port} ({problem.msg}): "
            "name another --host or --port"
        ) from None
    print(json.dumps({"address": address}) if options.json else f"TensorBoard at {address}")
    print("", end="", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
