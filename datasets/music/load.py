"""Prepared music."""

from rnnzoo.datasets.common.prepare import dataset, prepared
from rnnzoo.datasets.common.splits import SPLITS, check_split


def load_music(split, path=None):
    """Prepares music with TFDS where that is not done yet, and opens a split.

    Args:
        split: str, `"train"`, `"validation"`, `"test"`, or several joined with `+`; the pieces of
            librosa are all in `"test"`.
        path: str or path of a user's folder of music; None for six pieces of librosa.

    Returns:
        (`tf.data.Dataset` of dict with `samples` float32 (channels, n), full scale 1, `rate`,
        samples per second, `piece`, `start`, seconds; dict from the name of each piece that was
        left out, in any split, to the reason).

    Raises:
        InputError: no such split, the pieces cannot be had, or there are fewer than three.
    """
    check_split(split, SPLITS if path is not None else ("test",))
    from rnnzoo.datasets.music.music_dataset_builder import Builder, MusicConfig

    config = "librosa" if path is None else MusicConfig.of_path(path)
    builder = prepared(Builder, config)
    return dataset(builder, split), dict(builder.info.metadata["skipped"])
