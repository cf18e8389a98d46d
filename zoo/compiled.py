"""Compiles a function that is called many times with the same shapes."""

import sys

import keras


def compiled(function, loops=False):
    """`function`, traced once a shape on TensorFlow; as it is on other backends.

    Args:
        function: of tensors and settings.
        loops: bool, whether it runs many small operations in a loop: then XLA makes few of
            them, which costs half a second when a shape is met first.
    """
    if keras.backend.backend() != "tensorflow":
        return function
    import tensorflow as tf

    xla = loops and sys.platform == "linux"
    return tf.function(function, autograph=False, reduce_retracing=True, jit_compile=xla or None)
