"""Hides what native code writes to standard error from a command's output."""

import contextlib
import gc
import os
import sys
import tempfile

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import reason_of


@contextlib.contextmanager
def native_silence():
    """Discards what is written to standard error; prints it if the block fails unexpectedly."""
    sys.stderr.flush()
    original = os.dup(2)
    with tempfile.TemporaryFile() as swallowed:
        os.dup2(swallowed.fileno(), 2)
        try:
            yield
        except (ImportError, RuntimeError):
            swallowed.seek(0)
            os.write(original, swallowed.read())
            raise
        finally:
            os.dup2(original, 2)
            os.close(original)


def import_keras():
    """Imports Keras and TensorFlow without their start-up lines.

    Raises:
        InputError: the backend that Keras is to use is unknown or not installed.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    first = "keras" not in sys.modules
    with native_silence():
        try:
            import keras
        except (ImportError, ValueError) as problem:
            raise InputError(_backend_problem(problem)) from problem

        # On other backends too: it reads the weights, and writes event files.
        import tensorflow as tf

        if keras.backend.backend() == "tensorflow":
            tf.config.list_physical_devices()  # warns of a missing GPU
    if first:
        gc.freeze()  # objects of the imports live until the end: none is garbage


def _backend_problem(problem):
    """A sentence on an import of Keras that failed."""
    name = os.environ.get("KERAS_BACKEND")
    setting = f"KERAS_BACKEND={name}" if name else "the backend of its keras.json"
    return (
        f"Keras cannot be imported with {setting}: {reason_of(problem)}; install what is missing, "
        "or set KERAS_BACKEND=tensorflow"
    )
