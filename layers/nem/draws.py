"""Distributions of unit noise: mean 0, variance 1."""

import functools
import math

import keras
import numpy as np
from keras import ops

LEVELS = 2**16


@functools.cache
def quantiles():
    """The standard normal quantiles of (i + 1/2) / 65,536, scaled to variance 1: float32 (65536,).

    The largest is 4.3, so their own variance is a little below 1.
    """
    from scipy import special

    values = special.ndtri((np.arange(LEVELS) + 0.5) / LEVELS)
    return (values / values.std()).astype("float32")


def gaussian16(shape, dtype=None, seed=None):
    """Standard normal in 65,536 steps: a quantile drawn uniformly, from 16 random bits.

    Its distribution function is within 2^-16 of the normal one.
    """
    if keras.backend.backend() == "tensorflow":
        from rnnzoo.layers.fused import tensorflow_noise

        values = tensorflow_noise.sample_table(quantiles(), shape, seed)
    else:
        index = keras.random.randint(shape, 0, LEVELS, dtype="int32", seed=seed)
        values = ops.take(ops.convert_to_tensor(quantiles()), index)
    return ops.cast(values, dtype or keras.config.floatx())


def gaussian(shape, dtype=None, seed=None):
    """Standard normal, from the generator of the backend."""
    return keras.random.normal(shape, dtype=dtype, seed=seed)


def uniform(shape, dtype=None, seed=None):
    """Uniform between -sqrt(3) and sqrt(3)."""
    return keras.random.uniform(shape, -math.sqrt(3), math.sqrt(3), dtype=dtype, seed=seed)


def signs(shape, dtype=None, seed=None):
    """-1 or 1, each with probability 1/2."""
    bits = keras.random.randint(shape, 0, 2, dtype="int32", seed=seed)
    return ops.cast(2 * bits - 1, dtype or keras.config.floatx())


DISTRIBUTIONS = {
    "gaussian16": gaussian16,
    "gaussian": gaussian,
    "uniform": uniform,
    "signs": signs,
}


def get(identifier):
    """The function of a distribution.

    Args:
        identifier: its name, the function itself, or what `serialize` returned.

    Raises:
        ValueError: the identifier is none of these.
    """
    if isinstance(identifier, dict):
        identifier = keras.saving.deserialize_keras_object(identifier)
    if callable(identifier):
        return identifier
    if isinstance(identifier, str) and identifier in DISTRIBUTIONS:
        return DISTRIBUTIONS[identifier]
    names = ", ".join(map(repr, DISTRIBUTIONS))
    raise ValueError(
        f"noise_distribution is {identifier!r}: choose one of {names}, or give a function"
    )


def serialize(function):
    """The name of a distribution of this module, else Keras's configuration of the function."""
    for name, distribution in DISTRIBUTIONS.items():
        if function is distribution:
            return name
    return keras.saving.serialize_keras_object(function)
