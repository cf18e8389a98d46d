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


def weight_gradients(model, loss):
    """The gradients of a loss by a model's trainable weights.

    Args:
        model: `keras.Model`.
        loss: function (x, y) -> scalar tensor.

    Returns:
        function (x, y) -> list of a tensor per trainable weight, None where the loss does not
        depend on it; compiled unless the model runs eagerly.
    """

    def gradients(x, y):
        with tf.GradientTape() as tape:
            value = loss(x, y)
        return tape.gradient(value, [weight.value for weight in model.trainable_weights])

    # Step by step, a recurrent layer takes a second.
    return gradients if model.run_eagerly else tf.function(gradients, autograph=False)
