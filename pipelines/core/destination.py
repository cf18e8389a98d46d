"""Where a model may be pushed to, and what it may be called: asked before any long work."""

import tempfile
from pathlib import Path

from rnnzoo.artifacts import checked_name
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.registry import recipes


def writable(root):
    """Makes a folder for models and returns it.

    Raises:
        InputError: it cannot be made or written to.
    """
    root = Path(root).resolve()
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root):
            return root
    except OSError as problem:
        raise InputError(
            f"cannot write to {root} ({problem.strerror}): name a folder that can be written to"
        ) from None


def free_name(name):
    """Returns `name` if a user's own model may be called that.

    Raises:
        InputError: it is no model name, or one of the zoo's.
    """
    if checked_name(name) in recipes():
        raise InputError(f"{name!r} is a model of the zoo: give yours another name")
    return name
