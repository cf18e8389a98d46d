"""TensorFlow's errors of event files as the `OSError` that the system meant."""

import contextlib
import errno
import os


@contextlib.contextmanager
def event_errors(folder):
    """Raises what keeps TensorFlow from writing into a folder as an `OSError` that names it.

    Args:
        folder: str, of event files.

    Raises:
        OSError: with the system's number and reason, such as "No space left on device".
    """
    import tensorflow as tf

    try:
        yield
    except tf.errors.OpError as problem:
        codes = [code for code in errno.errorcode if os.strerror(code) in problem.message]
        if not codes:
            raise
        raise OSError(codes[0], os.strerror(codes[0]), folder) from problem
