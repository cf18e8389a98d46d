"""Penalty on the singular values of a step's Jacobian outside [rho, tau]."""

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.common.arguments import nonnegative
from rnnzoo.layers.jacobian.activation_derivatives import activation_derivative

# By the type of J'J: a singular value below this fraction of the largest one is small. Above it,
# the gradient by way of J'J is right within 0.001 (tested).
SMALL = {"float32": 0.005, "float64": 1e-6}
# A Jacobian with an entry above this is scaled, since its square would overflow.
LARGE = 1e15


def step_jacobians(cell, inputs, states):
    """The Jacobians of the steps of a simple cell, h = phi(x A' + h B' + b).

    J = diag(phi'(z)) B of [TH] 4.1, returned as its transpose: B' is `recurrent_kernel`, and J' is
    B' with column i multiplied by phi'(z_i). The states and inputs are held fixed, as in
    (4.21)-(4.23) of [TH]: gradients flow to the weights of the cell only.

    Args:
        cell: `keras.layers.SimpleRNNCell`, or a layer with the same `kernel`, `recurrent_kernel`,
            `bias` (or None) and `activation`.
        inputs: tensor (n, features).
        states: tensor (n, units), h before the step.

    Returns:
        tensor (n, units, units), d h_j / d h_i at [:, i, j].

    Raises:
        ValueError: the activation is not elementwise.
    """
    phi_prime = activation_derivative(cell.activation)
    dtype = "float64" if keras.backend.standardize_dtype(inputs.dtype) == "float64" else "float32"
    kernel, recurrent, bias = (
        None if weight is None else ops.cast(weight, dtype)
        for weight in (cell.kernel, cell.recurrent_kernel, cell.bias)
    )
    inputs, states = (ops.cast(ops.stop_gradient(a), dtype) for a in (inputs, states))
    z = ops.matmul(inputs, kernel) + ops.matmul(states, recurrent)
    if bias is not None:
        z = z + bias
    return recurrent * phi_prime(z)[:, None, :]


@keras.saving.register_keras_serializable("rnnzoo")
class JacobianPenalty:
    """Penalty on singular values s of Jacobians outside [rho, tau] and on their RMS.

        interval_weight (1/2 sum_(s < rho) (s - rho)² + 1/2 sum_(s > tau) (s - tau)²)
            + rms_weight (|J|_F / sqrt(N) - rms)²

    which is (4.18), its upper side, and the cost of section 4.4 of [TH]: Bay, "Recurrent Neural
    Networks: Methods and Applications to Non-linear Predictions", 2017. The gradient is that of
    Lemma 4.1, U min(S - rho, 0) V' + U max(S - tau, 0) V'. It does not differentiate U and V, so it
    is stable where singular values coincide or are 0. Second derivatives are not supported: those
    of the interval term are zero.

    Args:
        rho: float, lower bound of the singular values.
        tau: float, upper bound.
        rms: float, h, the target of their root mean square.
        interval_weight: float of at least 0.
        rms_weight: float of at least 0.

    Call arguments:
        jacobians: real tensor (..., N, N); types smaller than float32 are cast to float32.
        mask: tensor (...), 1 for valid Jacobians and 0 for those to be ignored, whatever they
            hold; None if all are valid.

    Returns:
        scalar tensor: the mean over the valid Jacobians, 0 without any, NaN if one of them is not
        finite.

    Raises:
        ValueError: a setting is out of range, or the shapes do not match.
    """

    def __init__(self, rho=0.9, tau=1.1, rms=1.0, interval_weight=1.0, rms_weight=10.0):
        self.rho, self.tau = nonnegative("rho", rho), nonnegative("tau", tau)
        if self.rho > self.tau:
            raise ValueError(f"rho is {rho!r} and tau is {tau!r}: rho must not be above tau")
        self.rms = nonnegative("rms", rms)
        self.interval_weight = nonnegative("interval_weight", interval_weight)
        self.rms_weight = nonnegative("rms_weight", rms_weight)

    @property
    def on(self):
        """Whether any of the two weights is above 0."""
        return bool(self.interval_weight or self.rms_weight)

    def __call__(self, jacobians, mask=None):
        """The penalty of a batch of Jacobians."""
        size = jacobians.shape[-1]
        if len(jacobians.shape) < 2 or jacobians.shape[-2] != size:
            raise ValueError(f"jacobians have shape {tuple(jacobians.shape)}: give (..., N, N)")
        if mask is not None and tuple(mask.shape) != tuple(jacobians.shape[:-2]):
            raise ValueError(
                f"mask has shape {tuple(mask.shape)}: give {tuple(jacobians.shape[:-2])}"
            )
        if keras.backend.standardize_dtype(jacobians.dtype) != "float64":
            jacobians = ops.cast(jacobians, "float32")
        jacobians = ops.reshape(jacobians, (-1, size, size))
        if mask is not None:
            mask = ops.cast(ops.reshape(mask, (-1,)), "bool")
            jacobians = ops.where(mask[:, None, None], jacobians, 0)
        penalties = ops.zeros_like(jacobians[:, 0, 0])
        if self.interval_weight:
            penalties = penalties + self.interval_weight * self._interval(jacobians)
        if self.rms_weight:
            penalties = penalties + self.rms_weight * self._rms(jacobians, size)
        if mask is None:
            return ops.mean(penalties)
        count = ops.sum(ops.cast(mask, penalties.dtype))
        return ops.sum(ops.where(mask, penalties, 0)) / ops.maximum(count, 1)

    def _interval(self, jacobians):
        """(4.18) and its upper side, (n,), with the gradient of Lemma 4.1."""
        value, gradient = self._lemma(ops.stop_gradient(jacobians))
        value, gradient = ops.stop_gradient(value), ops.stop_gradient(gradient)
        # A function whose value is 0 and whose gradient is that of the lemma.
        linear = ops.sum(gradient * jacobians, axis=(1, 2))
        return value + linear - ops.stop_gradient(linear)

    def _lemma(self, jacobians):
        """The value (n,) and U (min(S - rho, 0) + max(S - tau, 0)) V', (n, N, N)."""
        # Decomposing numbers that are not finite ends the process on some backends.
        largest = ops.max(ops.abs(jacobians), axis=(1, 2), keepdims=True)
        finite = largest < np.inf
        scale = ops.where(ops.logical_and(finite, largest > LARGE), largest, 1)
        u, s, vh = _decomposed(ops.where(finite, jacobians / scale, 0))
        s = s * scale[:, 0]
        d = ops.minimum(s - self.rho, 0) + ops.maximum(s - self.tau, 0)
        value = 0.5 * ops.sum(d * d, axis=-1)
        gradient = ops.matmul(u * d[:, None, :], vh)
        return ops.where(finite[:, 0, 0], value, np.nan), ops.where(finite, gradient, np.nan)

    def _rms(self, jacobians, size):
        """The RMS term of section 4.4, (n,)."""
        squares = ops.sum(ops.square(jacobians), axis=(1, 2))
        tiny = keras.config.epsilon() ** 2  # the root has no derivative at 0
        return ops.square(ops.sqrt(ops.maximum(squares, tiny) / size) - self.rms)

    def get_config(self):
        """The arguments of the constructor."""
        return {
            "rho": self.rho,
            "tau": self.tau,
            "rms": self.rms,
            "interval_weight": self.interval_weight,
            "rms_weight": self.rms_weight,
        }

    @classmethod
    def from_config(cls, config):
        """The penalty of a configuration."""
        return cls(**config)


def _decomposed(jacobians):
    """U (n, N, N), S (n, N) and V' (n, N, N), the singular values in any order.

    Computing V from J'J takes less time than an SVD. Squaring loses half the digits, so it is done
    in float64 on TensorFlow; on other backends Keras's `eigh` returns float32.
    """
    dtype = keras.backend.standardize_dtype(jacobians.dtype)
    if dtype == "float64":
        return tuple(ops.svd(jacobians, full_matrices=False))
    wide = "float64" if keras.backend.backend() == "tensorflow" else "float32"
    j = ops.cast(jacobians, wide)
    _, v = ops.eigh(ops.matmul(ops.swapaxes(j, 1, 2), j))
    v = ops.flip(v, -1)  # the largest singular values first
    us = ops.matmul(j, v)
    s = ops.sqrt(ops.sum(us * us, axis=1))

    def plain():
        return us / s[:, None, :], s, ops.swapaxes(v, 1, 2)

    def orthogonal():
        """As `plain`, with U completed where singular values are too small to divide by."""
        q, r = ops.qr(us)
        signs = ops.where(ops.diagonal(r, axis1=1, axis2=2) < 0, -1.0, 1.0)
        return q * ops.cast(signs, wide)[:, None, :], s, ops.swapaxes(v, 1, 2)

    def exact():
        return tuple(ops.svd(jacobians, full_matrices=False))

    narrow = ops.all(ops.min(s, axis=1) > SMALL[wide] * ops.max(s, axis=1))
    factors = ops.cond(narrow, plain, orthogonal if wide == "float64" else exact)
    return [ops.cast(factor, dtype) for factor in factors]
