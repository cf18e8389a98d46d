"""The command `rnnzoo`: one file a command, imported only when it is called."""

import argparse
import importlib
import os
import sys

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.memory import keep_freed_memory

COMMANDS = (
    "list",
    "info",
    "verify",
    "generate",
    "forecast",
    "rollout",
    "impute",
    "classify",
    "finetune",
    "train",
    "evaluate",
    "export",
    "serve",
    "lineage",
    "tensorboard",
    "reproduce",
    "compare-noise",
)

# What a shell reports of a command that SIGINT ended.
INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    """One line for a wrong argument, where argparse would print the usage as well."""

    def error(self, message):
        self.exit(2, f"rnnzoo: error: {message} (see `{self.prog} --help`)\n")


def parser():
    """The parser of all commands."""
    import rnnzoo

    top = _Parser(prog="rnnzoo", description="Pretrained recurrent models.")
    top.add_argument("--version", action="version", version=f"rnnzoo {rnnzoo.__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = importlib.import_module(f"rnnzoo.cli.{name.replace('-', '_')}")
        summary = module.__doc__.splitlines()[0]
        command = commands.add_parser(name, help=summary, description=summary)
        module.add_arguments(command)
        command.add_argument("--json", action="store_true", help="print JSON")
        command.set_defaults(run=module.run)
    return top


def entry():
    """The command `rnnzoo`: ends the process with the status of `main`."""
    keep_freed_memory()
    status = main()
    if status == INTERRUPTED:
        # Threads of native code may still be at work; tearing Python down under them can crash.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def main(arguments=None):
    """Runs one command; returns its exit status: 0, 2 for bad input, 130 if interrupted."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
        sys.stdout.flush()
        return 0
    except BrokenPipeError:
        # The reader has seen enough (`rnnzoo generate ... | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (InputError, OSError) as problem:
        if os.environ.get("RNNZOO_DEBUG"):
            raise
        message = str(problem)
    except KeyboardInterrupt:
        print("rnnzoo: interrupted", file=sys.stderr)
        return INTERRUPTED
    print(f"rnnzoo: error: {message}", file=sys.stderr)
    return 2
