"""Compiles a function that is called many times with the same shapes."""

import keras


def compiled(function):
    """`function`, traced once a shape on TensorFlow; as it is on other backends."""
    if keras.backend.backend() != "tensorflow":
        return function
    import tensorflow as tf

    return tf.function(function, autograph=False, reduce_retracing=True)
