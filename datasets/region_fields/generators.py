"""Random generators that do not depend on one another."""

import numpy as np

QUARTERS, TEXTURES, PEOPLE, EVENTS, NOISE = range(5)  # what numbers are drawn for


def generator(seed, *key):
    """`numpy.random.Generator` of a seed and of what it is for.

    Args:
        seed: int or list of ints.
        *key: int, at least 0.
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
