"""Activations, and their inverses on clipped values."""

import keras
import numpy as np

# How far values are kept from the ends of an activation's range, as a part of it.
MARGIN = 1e-3


def _inverse_tanh(y):
    return np.arctanh(np.clip(y, -1 + 2 * MARGIN, 1 - 2 * MARGIN))


def _inverse_sigmoid(y):
    y = np.clip(y, MARGIN, 1 - MARGIN)
    return np.log(y / (1 - y))


def _inverse_softmax(y):
    """The logits with mean 0: a constant more in all of them changes nothing."""
    logs = np.log(np.clip(y, MARGIN, 1))
    return logs - logs.mean(axis=-1, keepdims=True)


INVERSES = {
    "linear": lambda y: y,
    "tanh": _inverse_tanh,
    "sigmoid": _inverse_sigmoid,
    "softmax": _inverse_softmax,
}

ELEMENTWISE = ("linear", "tanh", "sigmoid")


def name_of(activation):
    """The name of a Keras activation among those with an inverse, or None."""
    for name in INVERSES:
        if activation is keras.activations.get(name):
            return name
    return None
