"""Cheap noise on TensorFlow."""

import math

import tensorflow as tf

from rnnzoo.layers.fused.tensorflow_sequence import XLA

# From this many numbers per sample on, a compiled lookup is worth its start.
COMPILED_SIZE = 1024


def sample_table(table, shape, seed):
    """Entries of a table, all with the same probability, from 16 random bits each.

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
    static = all(isinstance(size, int) for size in sizes)
    compiled = XLA and static and math.prod(sizes) > COMPILED_SIZE and not tf.executing_eagerly()
    values = (_compiled_look_up if compiled else _look_up)(table, words)
    values = tf.reshape(values, (*shape[:-1], words.shape[-1] * 2))
    return values[..., : shape[-1]] if shape[-1] % 2 else values


def _look_up(table, words):
    return tf.gather(table, tf.cast(tf.bitcast(words, "uint16"), "int32"))


_compiled_look_up = tf.function(_look_up, jit_compile=True, autograph=False)
