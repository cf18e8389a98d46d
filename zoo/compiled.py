"""Compilation of a function that is called many times with the same shapes."""

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
