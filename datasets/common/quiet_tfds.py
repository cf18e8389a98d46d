"""TensorFlow Datasets without its banner, bars and warnings."""

import contextlib
import io
import logging


@contextlib.contextmanager
def quiet_tfds():
    """TFDS prints a banner to stdout, which is for results, and warns of any custom builder."""
    import tensorflow_datasets as tfds

    tfds.disable_progress_bar()
    log = logging.getLogger("absl")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        log.setLevel(level)
