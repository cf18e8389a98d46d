"""The command `rnnzoo`: every public module of this package is a command of its name.

A command's module has a docstring, whose first line is its summary, and two functions:

    add_arguments(command)   adds its arguments to an `argparse.ArgumentParser`
    run(options)             runs it; an `InputError` ends it with one line and exit status 2;
                             returns another exit status, or None for 0

Only the module of the command that is called is imported.
"""

import argparse
import ast
import importlib
import io
import os
import pkgutil
import sys
from pathlib import Path

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.escapes import ESCAPES
from rnnzoo.datasets.common.system_errors import described
from rnnzoo.memory import keep_freed_memory

# What a shell reports of a command that SIGINT ended.
INTERRUPTED = 130
# Options whose value begins with dashes: argparse would take it for an option.
OF_DASHES = ("--beam-options",)


class _Parser(argparse.ArgumentParser):
    """One line for a wrong argument, where argparse would print the usage as well."""

    def error(self, message):
        self.exit(2, f"rnnzoo: error: {message} (see `{self.prog} --help`)\n")


def command_names():
    """Names of all commands, sorted: list of str."""
    return sorted(_sources())


def _sources():
    """dict from command to the file of its module."""
    modules = [module for module in pkgutil.iter_modules(__path__) if module.name[0] != "_"]
    return {
        module.name.replace("_", "-"): Path(module.module_finder.path, f"{module.name}.py")
        for module in modules
    }


def _summary(source):
    """The first line of a module's docstring, read without importing it."""
    return ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))).splitlines()[0]


def parser(called=None):
    """The parser of all commands.

    Args:
        called: str, the command whose arguments are parsed, whose module is imported; or None, for
            the help on all commands.
    """
    import rnnzoo

    top = _Parser(prog="rnnzoo", description="Pretrained recurrent models.")
    top.add_argument("--version", action="version", version=f"rnnzoo {rnnzoo.__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, source in sorted(_sources().items()):
        summary = _summary(source) if called in (None, name) else ""
        command = commands.add_parser(name, help=summary, description=summary)
        if name == called:
            module = importlib.import_module(f"rnnzoo.cli.{source.stem}")
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
    arguments = sys.argv[1:] if arguments is None else arguments
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors=ESCAPES)  # its encoding may not have every character
    options = parser(_called(arguments)).parse_args(_joined(arguments))
    try:
        status = options.run(options)
        sys.stdout.flush()
        return status or 0
    except BrokenPipeError:
        # The reader has closed the pipe (`rnnzoo generate ... | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (InputError, OSError) as problem:
        if os.environ.get("RNNZOO_DEBUG"):
            raise
        message = described(problem)
    except KeyboardInterrupt as stop:
        print(f"rnnzoo: interrupted{f': {stop}' if str(stop) else ''}", file=sys.stderr)
        return INTERRUPTED
    print(f"rnnzoo: error: {' '.join(message.splitlines())}", file=sys.stderr)
    return 2


def _joined(arguments):
    """The arguments, in which the value of an option of `OF_DASHES` is joined to it by `=`."""
    joined = []
    for argument in arguments:
        if joined and joined[-1] in OF_DASHES:
            joined[-1] += f"={argument}"
        else:
            joined.append(argument)
    return joined


def _called(arguments):
    """The command among the arguments; None for the help on all commands."""
    for argument in arguments:
        # No option before the command takes a value.
        if not argument.startswith("-"):
            return argument
        if argument == "-h" or argument.startswith("--h"):
            return None
    return None
