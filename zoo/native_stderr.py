"""Hides what native code writes to standard error from a command's output."""

import contextlib
import gc
import os
import sys
import tempfile


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
    """Imports Keras and TensorFlow without their start-up lines."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    first = "keras" not in sys.modules
    with native_silence():
        import keras

        if keras.backend.backend() == "tensorflow":
            import tensorflow as tf

            tf.config.list_physical_devices()  # warns of a missing GPU
    if first:
        gc.freeze()  # objects of the imports live until the end: none is garbage
