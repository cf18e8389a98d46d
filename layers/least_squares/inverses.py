"""Inverses of activations on clipped values."""

import keras
import numpy as np

# Distance of clipped values from the ends of an activation's range, as a fraction of the range.
MARGIN = 1e-3


def _inverse_tanh(y):
    return np.arctanh(np.clip(y, -1 + 2 * MARGIN, 1 - 2 * MARGIN))


def _inverse_sigmoid(y):
    y = np.clip(y, MARGIN, 1 - MARGIN)
    return np.log(y / (1 - y))


def _inverse_softmax(y):
    """The logits with mean 0; the softmax does not depend on their mean."""
    logs = np.log(np.clip(y, MARGIN, 1))
    return logs - logs.mean(axis=-1, keepdims=True)


INVERSES = {
    "linear": lambda y: y,
    "tanh": _inverse_tanh,
    "sigmoid": _inverse_sigmoid,
    "softmax": _inverse_softmax,
}

# The range of each activation, and the tolerance for targets beyond it.
ROUNDING = 1e-6
RANGES = {
    "linear": (-np.inf, np.inf),
    "tanh": (-1, 1),
    "sigmoid": (0, 1),
    "softmax": (0, 1),
}

ELEMENTWISE = ("linear", "tanh", "sigmoid")


def activation_name(activation):
    """The name of a Keras activation with an inverse, or None."""
    for name in INVERSES:
        if activation is keras.activations.get(name):
            return name
    return None


def check_range(y, name, mask):
    """Checks that targets are in the range of an activation.

    Args:
        y: array (batch, time, outputs).
        name: str, of the activation.
        mask: bool array (batch, time); masked targets may be anything.

    Raises:
        ValueError: a valid target is out of range.
    """
    low, high = RANGES[name]
    beyond = ((y < low - ROUNDING) | (y > high + ROUNDING)) & mask[..., None]
    if beyond.any():
        raise ValueError(
            f"y has {y[beyond].flat[0]:g}: the activation of the readout, {name}, gives {low:g} to "
            f"{high:g}; scale the targets, or choose linear"
        )
