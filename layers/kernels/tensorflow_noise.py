"""Cheap noise on TensorFlow."""

import math

import tensorflow as tf

from rnnzoo.layers.kernels.tensorflow import FEW


def looked_up(table, shape, seed):
    """Entries of a table, each as likely, from 16 random bits a number.

    Args:
        table: array (65536,).
        shape: tuple of ints and scalar tensors.
        seed: `keras.random.SeedGenerator`.

    Returns:
        tensor of that shape, with the type of the table.
    """
    known = math.prod(size for size in shape if isinstance(size, int))
    count = tf.reduce_prod(tf.stack(shape))
    seed = tf.cast(seed.next(), "int32")
    words = tf.random.stateless_uniform(
        [(count + 1) // 2], seed, minval=None, maxval=None, dtype="int32", alg="philox"
    )
    look_up = _compiled if known > FEW and None not in shape else _look_up
    return tf.reshape(look_up(table, words)[:count], shape)


def _look_up(table, words):
    index = tf.cast(tf.reshape(tf.bitcast(words, "uint16"), (-1,)), "int32")
    return tf.gather(table, index)


_compiled = tf.function(_look_up, jit_compile=True, autograph=False)
