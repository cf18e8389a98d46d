"""The libraries that read and write audio, which are an extra, and their errors."""

import importlib

from rnnzoo.datasets.common.errors import InputError

EXTRA = "audio"


def audio_library(name):
    """Imports and returns a module of the extra `audio`.

    Raises:
        InputError: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except (ImportError, OSError) as problem:  # OSError: soundfile without libsndfile
        missing = getattr(problem, "name", None) or name
        raise InputError(f"audio needs {missing}: pip install 'rnnzoo[{EXTRA}]'") from None


def library_reason(problem):
    """The reason in an error of libsndfile, without the path before it."""
    return str(problem).rsplit(": ", 1)[-1].strip().rstrip(".")
