"""The derivatives of Keras's activations."""

import math

import keras
from keras import ops


def _where(condition, inside, outside=0.0):
    return lambda z: ops.where(condition(z), ops.cast(inside, z.dtype), ops.cast(outside, z.dtype))


def _tanh(z):
    return 1 - ops.square(ops.tanh(z))


def _sigmoid(z):
    return ops.sigmoid(z) * ops.sigmoid(-z)


def _elu(z):
    return ops.where(z > 0, ops.ones_like(z), ops.exp(ops.minimum(z, 0)))


def _selu(z):
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    return scale * ops.where(z > 0, ops.ones_like(z), alpha * ops.exp(ops.minimum(z, 0)))


def _gelu(z):
    density = ops.exp(-0.5 * ops.square(z)) / math.sqrt(2 * math.pi)
    return 0.5 * (1 + ops.erf(z / math.sqrt(2))) + z * density


def _silu(z):
    return ops.sigmoid(z) * (1 + z * ops.sigmoid(-z))


def _hard_silu(z):
    middle = ops.logical_and(z > -3, z < 3)
    return ops.where(middle, z / 3 + 0.5, ops.cast(z > 0, z.dtype))


def _mish(z):
    t = ops.tanh(ops.softplus(z))
    return t + z * (1 - ops.square(t)) * ops.sigmoid(z)


_inside_one = _where(lambda z: ops.abs(z) < 1, 1.0)
_outside_half = _where(lambda z: ops.abs(z) > 0.5, 1.0)

DERIVATIVES = {
    "celu": _elu,
    "elu": _elu,
    "exponential": ops.exp,
    "gelu": _gelu,
    "hard_shrink": _outside_half,
    "hard_sigmoid": _where(lambda z: ops.abs(z) < 3, 1 / 6),
    "hard_silu": _hard_silu,
    "hard_tanh": _inside_one,
    "leaky_relu": _where(lambda z: z > 0, 1.0, 0.2),
    "linear": ops.ones_like,
    "log_sigmoid": lambda z: ops.sigmoid(-z),
    "mish": _mish,
    "relu": _where(lambda z: z > 0, 1.0),
    "relu6": _where(lambda z: ops.logical_and(z > 0, z < 6), 1.0),
    "selu": _selu,
    "sigmoid": _sigmoid,
    "silu": _silu,
    "soft_shrink": _outside_half,
    "softplus": ops.sigmoid,
    "softsign": lambda z: 1 / ops.square(1 + ops.abs(z)),
    "sparse_plus": lambda z: ops.clip((z + 1) / 2, 0, 1),
    "sparse_sigmoid": _where(lambda z: ops.abs(z) < 1, 0.5),
    "squareplus": lambda z: 0.5 * (1 + z / ops.sqrt(ops.square(z) + 4)),
    "tanh": _tanh,
    "tanh_shrink": lambda z: ops.square(ops.tanh(z)),
}


def activation_derivative(activation):
    """phi', the derivative of an elementwise activation phi.

    At a kink of phi it is the derivative on one of the two sides.

    Args:
        activation: function of `keras.activations`, or None for the identity.

    Returns:
        function of a tensor z that returns phi'(z), of the same shape. Its derivative by
        automatic differentiation is phi''.

    Raises:
        ValueError: the activation is not elementwise, or not in `keras.activations`.
    """
    if activation is None:
        return DERIVATIVES["linear"]
    for name, derivative in DERIVATIVES.items():
        if activation is getattr(keras.activations, name):
            return derivative
    name = getattr(activation, "__name__", repr(activation))
    name = ".".join((getattr(activation, "__module__", None) or "", name)).lstrip(".")
    raise ValueError(
        f"activation is {name}: the Jacobian needs an elementwise one of keras.activations, "
        f"{', '.join(DERIVATIVES)}"
    )
