"""Keeps what native code writes to standard error out of a command's own words."""

import contextlib
import gc
import os
import sys
import tempfile


@contextlib.contextmanager
def native_silence():
    """Swallows what is written to standard error; shows it if the block fails unexpectedly."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as swallowed:
        os.dup2(swallowed.fileno(), 2)
        try:
            yield
        except (ImportError, RuntimeError):
            swallowed.seek(0)
            os.write(kept, swallowed.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def import_keras():
    """Imports Keras and TensorFlow without their start-up lines."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    first = "keras" not in sys.modules
    with native_silence():
        import keras

        if keras.backend.backend() == "tensorflow":
            import tensorflow as tf

            tf.config.list_physical_devices()  # it complains of a missing GPU only now
    if first:
        gc.freeze()  # what the imports left is for good: no collection needs to look through it
