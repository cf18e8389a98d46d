"""Compilation of a function that is called many times with the same shapes."""

import functools
import sys

import keras


def compiled(function, loops=False):
    """`function`, traced once per shape on TensorFlow; unchanged on other backends.

    Args:
        function: of tensors and settings.
        loops: bool, whether it runs many small operations in a loop: XLA then fuses them, which
            takes half a second per new shape.
    """
    if keras.backend.backend() != "tensorflow":
        return function
    import tensorflow as tf

    xla = loops and sys.platform == "linux"
    return tf.function(function, autograph=False, reduce_retracing=True, jit_compile=xla or None)


def compiled_once(function, *shapes):
    """`function`, traced at its first call for tensors of all sizes; unchanged on other backends.

    TensorFlow warns of retracing where the same code is traced for several models. That is not
    repeated work, and there is no warning here.

    Args:
        function: of float32 tensors.
        shapes: tuple of int or None per tensor; None for any size.
    """
    if keras.backend.backend() != "tensorflow":
        return function
    import tensorflow as tf

    @functools.cache
    def graph():
        signature = [tf.TensorSpec(shape, tf.float32) for shape in shapes]
        traced = tf.function(function, autograph=False, input_signature=signature)
        return traced.get_concrete_function()

    return lambda *tensors: graph()(*tensors)
