"""The prepared bouncing balls, as arrays."""

import dataclasses

import numpy as np

from rnnzoo.datasets.bouncing_balls.simulator import BouncingBalls
from rnnzoo.datasets.common.arguments import checked_seed
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.prepare import numpy_examples, prepared
from rnnzoo.datasets.common.splits import check_split


def load_bouncing_balls(name, split):
    """Simulates a data set with TFDS where that is not done yet, and reads a split.

    Args:
        name: str, one of the builder's configurations: `"balls2"`, `"balls3"`, `"sutskever"`; or
            what `BouncingBallsConfig.of` returns.
        split: str, `"train"`, `"validation"`, `"test"`, or several joined with `+`.

    Returns:
        `BouncingBalls`.

    Raises:
        InputError: no such configuration or split; or its settings are refused.
    """
    from rnnzoo.datasets.bouncing_balls.bouncing_balls_dataset_builder import Builder

    if isinstance(name, str):
        configuration(name)
    check_split(split)
    examples = numpy_examples(prepared(Builder, name), split)
    frames, positions, velocities = (
        np.stack([example[key] for example in examples])
        for key in ("frames", "positions", "velocities")
    )
    return BouncingBalls(frames, positions, velocities, examples[0]["radii"], examples[0]["masses"])


def configuration(name):
    """The builder's configuration of a name.

    Raises:
        InputError: there is none.
    """
    from rnnzoo.datasets.bouncing_balls.bouncing_balls_dataset_builder import Builder

    known = {config.name: config for config in Builder.BUILDER_CONFIGS}
    if name not in known:
        raise InputError(f"unknown balls {name!r}: choose one of {', '.join(known)}")
    return known[name]


def new_balls(name, count, steps, seed):
    """Sequences that are in no split, simulated as those of a data set.

    Args:
        name: str, as `load_bouncing_balls`.
        count: int, sequences.
        steps: int, frames of a sequence.
        seed: int, 0 or more.

    Returns:
        `BouncingBalls`.

    Raises:
        InputError: no such name, or a number is out of its range.
    """
    # The splits' seeds are of three numbers, so no seed of a user's gives one of theirs.
    config = dataclasses.replace(configuration(name), steps=steps)
    return config.simulated(count, [checked_seed(seed), 2**32 - 1])
