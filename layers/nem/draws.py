"""Where unit noise comes from: mean 0, variance 1."""

import math

import keras
from keras import ops


def gaussian(shape, dtype=None, seed=None):
    """Standard normal."""
    return keras.random.normal(shape, dtype=dtype, seed=seed)


def uniform(shape, dtype=None, seed=None):
    """Uniform between -sqrt(3) and sqrt(3)."""
    return keras.random.uniform(shape, -math.sqrt(3), math.sqrt(3), dtype=dtype, seed=seed)


def signs(shape, dtype=None, seed=None):
    """-1 or 1, each half of the time."""
    bits = keras.random.randint(shape, 0, 2, dtype="int32", seed=seed)
    return ops.cast(2 * bits - 1, dtype or keras.config.floatx())


DISTRIBUTIONS = {"gaussian": gaussian, "uniform": uniform, "signs": signs}


def get(given):
    """The function for a name, a function, or what `serialized` returned.

    Raises:
        ValueError: it is none of these.
    """
    if isinstance(given, dict):
        given = keras.saving.deserialize_keras_object(given)
    if callable(given):
        return given
    if isinstance(given, str) and given in DISTRIBUTIONS:
        return DISTRIBUTIONS[given]
    names = ", ".join(map(repr, DISTRIBUTIONS))
    raise ValueError(f"noise_distribution is {given!r}: choose one of {names}, or give a function")


def serialized(function):
    """The name of one of ours; Keras's own form of a registered function."""
    for name, known in DISTRIBUTIONS.items():
        if function is known:
            return name
    return keras.saving.serialize_keras_object(function)
