"""Automatic differentiation on TensorFlow, for what is measured outside of training."""

import tensorflow as tf


def jacobians(function, x):
    """d function(x)[n, i] / d x[n, j] at [n, i, j], for a function that works row by row."""
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.batch_jacobian(y, x)


def gradient(function, x):
    """The gradient of a scalar function; x is a list of tensors, and so is what is returned."""
    x = [tf.convert_to_tensor(one) for one in x]
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x, unconnected_gradients="zero")
