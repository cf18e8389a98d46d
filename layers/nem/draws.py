"""Where unit noise comes from: mean 0, variance 1."""

import functools
import math

import keras
import numpy as np
from keras import ops

LEVELS = 2**16


@functools.cache
def quantiles():
    """The 65,536 quantiles of the standard normal at the middles of equal shares, float32.

    As they end at 4.3, their variance is a little below 1; it is brought there.
    """
    from scipy import special

    found = special.ndtri((np.arange(LEVELS) + 0.5) / LEVELS)
    return (found / found.std()).astype("float32")


def gaussian16(shape, dtype=None, seed=None):
    """Standard normal in 65,536 steps: one of its quantiles, each as likely, from 16 random bits.

    Its distribution function is within 2^-16 of the normal one.
    """
    if keras.backend.backend() == "tensorflow":
        from rnnzoo.layers.fused import tensorflow_noise

        found = tensorflow_noise.looked_up(quantiles(), shape, seed)
    else:
        index = keras.random.randint(shape, 0, LEVELS, dtype="int32", seed=seed)
        found = ops.take(ops.convert_to_tensor(quantiles()), index)
    return ops.cast(found, dtype or keras.config.floatx())


def gaussian(shape, dtype=None, seed=None):
    """Standard normal, by the generator of the backend."""
    return keras.random.normal(shape, dtype=dtype, seed=seed)


def uniform(shape, dtype=None, seed=None):
    """Uniform between -sqrt(3) and sqrt(3)."""
    return keras.random.uniform(shape, -math.sqrt(3), math.sqrt(3), dtype=dtype, seed=seed)


def signs(shape, dtype=None, seed=None):
    """-1 or 1, each half of the time."""
    bits = keras.random.randint(shape, 0, 2, dtype="int32", seed=seed)
    return ops.cast(2 * bits - 1, dtype or keras.config.floatx())


DISTRIBUTIONS = {
    "gaussian16": gaussian16,
    "gaussian": gaussian,
    "uniform": uniform,
    "signs": signs,
}


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
