"""Cheap noise on TensorFlow."""

import math

import tensorflow as tf

from rnnzoo.layers.fused.tensorflow_sequence import XLA

# From so many numbers a sample on, a compiled lookup is worth its start.
MANY = 1024


def looked_up(table, shape, seed):
    """Entries of a table, each as likely, from 16 random bits a number.

    Args:
        table: array (65536,).
        shape: tuple of ints and scalar tensors; the last is an int.
        seed: `keras.random.SeedGenerator`.

    Returns:
        tensor of that shape, with the type of the table.
    """
    words = tf.random.stateless_uniform(
        (*shape[:-1], (shape[-1] + 1) // 2),
        tf.cast(seed.next(), "int32"),
        minval=None,
        maxval=None,
        dtype="int32",
    )
    sizes = shape[1:]
    known = all(isinstance(size, int) for size in sizes)
    compiled = XLA and known and math.prod(sizes) > MANY and not tf.executing_eagerly()
    found = (_compiled if compiled else _look_up)(table, words)
    found = tf.reshape(found, (*shape[:-1], words.shape[-1] * 2))
    return found[..., : shape[-1]] if shape[-1] % 2 else found


def _look_up(table, words):
    return tf.gather(table, tf.cast(tf.bitcast(words, "uint16"), "int32"))


_compiled = tf.function(_look_up, jit_compile=True, autograph=False)
