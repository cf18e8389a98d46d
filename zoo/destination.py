"""Checks of the folder and the name of a new model, made before any long work."""

import tempfile
from pathlib import Path

from rnnzoo.artifacts import checked_name
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.registry import recipes


def writable(root):
    """The Path of a folder for models, which is created.

    Raises:
        InputError: it cannot be created or written to.
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
    """Returns `name` if it is a valid name of a user's own model.

    Raises:
        InputError: it is no model name, or the name of a model of the zoo.
    """
    if checked_name(name) in recipes():
        raise InputError(f"{shown(name)} is a model of the zoo: give yours another name")
    return name
