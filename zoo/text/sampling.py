"""Sampling of the next characters from logits."""

import keras
import numpy as np
from keras import ops

from rnnzoo.datasets.common.errors import InputError


def check(temperature, top_k=None, top_p=None):
    """Refuses settings that define no distribution.

    Raises:
        InputError: a temperature below 0 or not finite, a `top_k` below 1, a `top_p` outside
            of (0, 1].
    """
    if not (np.isfinite(temperature) and temperature >= 0):
        raise InputError(f"temperature={temperature}: give a number from 0 (always the likeliest)")
    if top_k is not None and top_k < 1:
        raise InputError(f"top_k={top_k}: give 1 or more, or leave it out")
    if top_p is not None and not 0 < top_p <= 1:
        raise InputError(f"top_p={top_p}: give a number above 0, at most 1, or leave it out")


def sample(logits, uniforms, temperature=1.0, top_k=None, top_p=None):
    """One id per stream, by inverting the cumulative distribution at `uniforms`.

    p_i is proportional to exp(logits_i / temperature) over the `top_k` largest logits, and
    of these over the fewest likeliest whose p together reach `top_p`.

    Args:
        logits: float tensor (streams, characters).
        uniforms: float tensor (streams,), each in [0, 1); the arithmetic is in its type.
        temperature: float or tensor; below 1 more conservative, above 1 more random. Only a number
            may be 0, which takes the likeliest id.
        top_k: int or tensor, or None; number of likeliest characters to sample from.
        top_p: float or tensor, or None; total probability to sample from at least.

    Returns:
        int32 tensor (streams,).
    """
    if isinstance(temperature, int | float) and temperature == 0:
        return ops.cast(ops.argmax(logits, axis=-1), "int32")
    uniforms = ops.convert_to_tensor(uniforms)
    dtype = keras.backend.standardize_dtype(uniforms.dtype)
    below = ops.cast(logits, dtype)
    below = below - ops.max(below, axis=-1, keepdims=True)
    # A temperature that underflows to 0 leaves the likeliest id alone.
    weights = ops.exp(below / ops.maximum(ops.cast(temperature, dtype), 1e-30))
    order = None
    if top_k is not None or top_p is not None:
        order = ops.argsort(-below, axis=-1)
        weights = ops.take_along_axis(weights, order, axis=-1)
    if top_k is not None:
        ranks = ops.arange(logits.shape[-1])
        weights = ops.where(ranks < ops.cast(top_k, ranks.dtype), weights, 0)
    if top_p is not None:
        before = ops.cumsum(weights, axis=-1) - weights
        enough = ops.cast(top_p, dtype) * ops.sum(weights, axis=-1, keepdims=True)
        weights = ops.where(before < enough, weights, 0)
    cumulative = ops.cumsum(weights, axis=-1)
    # u * total < total always, so the rank never exceeds that of the last character sampled from.
    below_u = cumulative <= uniforms[:, None] * cumulative[:, -1:]
    rank = ops.sum(ops.cast(below_u, "int32"), axis=-1)
    if order is None:
        return rank
    return ops.cast(ops.take_along_axis(order, rank[:, None], axis=-1)[:, 0], "int32")
