"""Draws the next characters from logits."""

import numpy as np

from rnnzoo.datasets.errors import InputError


def check(temperature, top_k):
    """Refuses settings that no distribution has.

    Raises:
        InputError: a temperature below 0 or not finite, a `top_k` below 1.
    """
    if not (np.isfinite(temperature) and temperature >= 0):
        raise InputError(f"temperature={temperature}: give a number from 0 (always the likeliest)")
    if top_k is not None and top_k < 1:
        raise InputError(f"top_k={top_k}: give 1 or more, or leave it out")


def sample(logits, uniforms, temperature=1.0, top_k=None):
    """One id a stream, by inverting the cumulative distribution at `uniforms`.

    p_i is proportional to exp(logits_i / temperature) over the `top_k` largest logits.

    Args:
        logits: float array (streams, characters).
        uniforms: float array (streams,), each in [0, 1).
        temperature: float; below 1 bolder, above 1 wilder, 0 takes the likeliest.
        top_k: int or None; how many of the likeliest characters stay in the draw.

    Returns:
        int array (streams,).
    """
    if temperature == 0:
        return logits.argmax(axis=-1)
    below = logits.astype(np.float64)
    below -= below.max(axis=-1, keepdims=True)
    with np.errstate(over="ignore"):  # a minute temperature makes them -inf, as it should
        weights = np.exp(below / temperature)
    if top_k is not None and top_k < logits.shape[-1]:
        largest = np.argpartition(below, -top_k, axis=-1)[:, -top_k:]
        kept = np.zeros_like(weights)
        np.put_along_axis(kept, largest, 1.0, axis=-1)
        weights *= kept
    cumulative = weights.cumsum(axis=-1)
    # u * total < total always, so the count never reaches past the last character in the draw.
    return (cumulative <= uniforms[:, None] * cumulative[:, -1:]).sum(axis=-1)
