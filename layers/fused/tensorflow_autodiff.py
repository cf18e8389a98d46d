"""Automatic differentiation on TensorFlow, for measurements outside of training."""

import tensorflow as tf


def jacobians(function, x):
    """d function(x)[n, i] / d x[n, j] at [n, i, j], for a function that works row by row."""
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.batch_jacobian(y, x)


def gradient(function, x):
    """The gradient of a scalar function by x, a list of tensors, as a list of tensors."""
    x = [tf.convert_to_tensor(values) for values in x]
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x, unconnected_gradients="zero")
