"""Automatic differentiation on JAX; see tensorflow_autodiff.py."""


def jacobians(function, x):
    """d function(x)[n, i] / d x[n, j] at [n, i, j], for a function that works row by row."""
    import jax
    import jax.numpy as jnp

    y, pullback = jax.vjp(function, jnp.asarray(x))
    basis = jnp.broadcast_to(jnp.eye(y.shape[1], dtype=y.dtype)[:, None], (y.shape[1], *y.shape))
    return jnp.moveaxis(jax.vmap(lambda row: pullback(row)[0])(basis), 0, 1)


def gradient(function, x):
    """The gradient of a scalar function by x, a list of tensors, as a list of tensors."""
    import jax
    import jax.numpy as jnp

    return jax.grad(function)([jnp.asarray(values) for values in x])


def weight_gradients(model, loss):
    """As on TensorFlow; of a weight that the loss does not depend on, zeros."""
    import jax
    import keras

    variables, others = model.trainable_variables, model.non_trainable_variables

    def loss_of(values, other_values, x, y):
        state = [*zip(variables, values, strict=True), *zip(others, other_values, strict=True)]
        with keras.StatelessScope(state_mapping=state):
            return loss(x, y)

    gradients = jax.jit(jax.grad(loss_of))
    return lambda x, y: gradients([v.value for v in variables], [v.value for v in others], x, y)
