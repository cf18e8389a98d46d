"""Loads a `.keras` file: a task model, or any Keras model with layers of this package."""

import os
import re
import textwrap
from pathlib import Path

import keras

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.registration import register

# Characters of Keras's own message that are passed on: it may quote a whole configuration.
LONGEST = 300


def is_file(name):
    """Whether the argument of `rnnzoo.load` is the path of a file, and no name of a model."""
    return isinstance(name, os.PathLike) or name.endswith(".keras")


def load_file(path):
    """The model in a `.keras` file, read in Keras's safe mode, with its optimizer.

    Args:
        path: str or path.

    Returns:
        `keras.Model`; a task model that was not compiled is compiled by `compile_default`.

    Raises:
        InputError: it is no such file, or has a class that Keras does not know.
    """
    path = Path(path)
    if path.suffix != ".keras":
        raise InputError(f"{path} is no .keras file: give one that `model.save` wrote")
    if not path.is_file():
        raise InputError(f"{path} is no file: give one that `model.save` wrote")
    register()
    try:
        model = keras.saving.load_model(path, safe_mode=True)
    except Exception as problem:  # what Keras raises depends on what is wrong
        if os.environ.get("RNNZOO_DEBUG"):
            raise
        raise InputError(f"{path} cannot be loaded: {_reason(problem)}") from problem
    if not getattr(model, "compiled", True) and hasattr(model, "compile_default"):
        model.compile_default()
    return model


def _reason(problem):
    message = str(problem).strip() or type(problem).__name__
    if unknown := re.search(r"Could not locate (\w+ '[^']+')", message):
        return f"Keras does not know the {unknown[1]}: import the module that registers it first"
    return textwrap.shorten(message.splitlines()[0], LONGEST, placeholder=" ...")
