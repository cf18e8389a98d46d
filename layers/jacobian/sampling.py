"""Sampling of the (sample, step) pairs that a penalty is computed for."""

from keras import ops, random

STEPS = ("all", "late")
# "late" is the last one in this many of the valid steps.
LATE = 4


def sample_steps(shape, count, steps, mask, seed):
    """Draws (sample, step) pairs uniformly, without replacement.

    Args:
        shape: (batch, time), ints or scalar tensors.
        count: int, number of pairs.
        steps: `"all"`, or `"late"` for the last quarter of each sample's valid steps.
        mask: bool tensor (batch, time) of the valid steps, or None for all.
        seed: `keras.random.SeedGenerator`.

    Returns:
        int tensor (count,) of indices into (batch * time,), and bool tensor (count,), False for
        the excess where there are fewer than `count` pairs.
    """
    batch, time = shape
    # The pairs with the highest scores are a draw without replacement; masked steps score below 0.
    scores = random.uniform((batch, time), seed=seed)
    valid = ops.ones((batch, time), "bool") if mask is None else ops.cast(mask, "bool")
    if steps == "late":
        position = ops.cumsum(ops.cast(valid, "int32"), axis=1)  # among the valid steps, from 1
        first = position[:, -1:] - (position[:, -1:] + LATE - 1) // LATE
        valid = ops.logical_and(valid, position > first)
    scores = ops.reshape(ops.where(valid, scores, -1.0), (-1,))
    # There may be fewer pairs than `count`.
    best, indices = ops.top_k(ops.concatenate([scores, -ops.ones((count,))]), count)
    return ops.minimum(indices, batch * time - 1), best >= 0
