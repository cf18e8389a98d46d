"""Data sets as TensorFlow Datasets prepares them, once, below the cache."""

import contextlib
import io
import logging
import shutil
from pathlib import Path

from rnnzoo.datasets.common.durable import flush, flush_folder
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.common.locks import file_lock
from rnnzoo.datasets.common.system_errors import writing


@contextlib.contextmanager
def quiet_tfds():
    """TFDS without its banner, on the stdout that is for results, progress bars and warnings."""
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


def prepared(builder_class, config):
    """Returns the builder of a data set after it has been prepared, where that is not done yet.

    TFDS prepares in a temporary folder and renames it: an interrupted preparation leaves nothing
    that looks complete, and the next one removes what is left. A process waits for another one that
    prepares the same data.

    Args:
        builder_class: subclass of `tfds.core.DatasetBuilder`.
        config: str, the name of one of its configurations, or a `tfds.core.BuilderConfig`.
    """
    with quiet_tfds():
        folder = cache_dir() / "tfds"
        with writing(folder):
            builder = builder_class(config=config, data_dir=folder)
            path = Path(builder.data_path)
            if not path.exists():
                with file_lock(path):
                    for partial in path.parent.glob(f"incomplete.*_{path.name}"):
                        shutil.rmtree(partial, ignore_errors=True)
                    # It reads what another process has prepared meanwhile.
                    builder = builder_class(config=config, data_dir=folder)
                    builder.download_and_prepare()
                    # TFDS has renamed it; what a power cut leaves of it later is whole.
                    flush(path)
                    flush_folder(path.parent)
    return builder


def dataset(builder, split):
    """`tf.data.Dataset` of the examples of a split of a prepared builder."""
    with quiet_tfds():
        return builder.as_dataset(split=split)


def numpy_examples(builder, split):
    """List of dict of NumPy values, the examples of a split of a prepared builder."""
    import tensorflow_datasets as tfds

    return list(tfds.as_numpy(dataset(builder, split)))
