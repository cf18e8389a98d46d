"""Open the training of pretrained models, and your own trainings, in TensorBoard."""

import json
import logging
import signal
import time

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.native_stderr import import_keras
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

    from rnnzoo.training_logs import open_history, root

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
    line = json.dumps({"address": address}) if options.json else f"TensorBoard at {address}"
    until_signal(lambda: print(line, flush=True))


def until_signal(announce):
    """Calls `announce`, then waits for Ctrl-C or SIGTERM, whichever thread receives it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        announce()
        while True:
            time.sleep(1)  # a signal just before a longer sleep would be noticed after it
    except KeyboardInterrupt:
        pass  # the way to end it
