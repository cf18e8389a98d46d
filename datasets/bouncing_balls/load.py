"""The prepared bouncing balls, as arrays."""

import numpy as np

from rnnzoo.datasets.bouncing_balls.simulator import BouncingBalls
from rnnzoo.datasets.errors import InputError
from rnnzoo.datasets.folders import cache_dir
from rnnzoo.datasets.quiet_tfds import quiet_tfds


def load_bouncing_balls(name, split):
    """Simulates a data set with TFDS where that is not done yet, and reads a split.

    Args:
        name: str, one of the builder's configurations: `"balls2"`, `"balls3"`, `"sutskever"`; or
            what `BouncingBallsConfig.of` returns.
        split: str, `"train"`, `"validation"` or `"test"`.

    Returns:
        `BouncingBalls`.

    Raises:
        InputError: no such configuration or split; or its settings are refused.
    """
    import tensorflow_datasets as tfds

    from rnnzoo.datasets.bouncing_balls.bouncing_balls_dataset_builder import SPLITS, Builder

    known = [config.name for config in Builder.BUILDER_CONFIGS]
    if isinstance(name, str) and name not in known:
        raise InputError(f"unknown balls {name!r}: choose one of {', '.join(known)}")
    if split not in SPLITS:
        raise InputError(f"unknown split {split!r}: choose one of {', '.join(SPLITS)}")
    with quiet_tfds():
        builder = Builder(config=name, data_dir=cache_dir() / "tfds")
        builder.download_and_prepare()
        examples = list(tfds.as_numpy(builder.as_dataset(split=split)))
    frames, positions, velocities = (
        np.stack([example[key] for example in examples])
        for key in ("frames", "positions", "velocities")
    )
    return BouncingBalls(frames, positions, velocities, examples[0]["radii"], examples[0]["masses"])
