"""Which steps of which samples a penalty looks at."""

from keras import ops, random

STEPS = ("all", "late")
# "late" are the last steps that count, one in so many.
LATE = 4


def sample_steps(shape, count, steps, mask, seed):
    """Draws (sample, step) pairs, all with the same chance and none twice.

    Args:
        shape: (batch, time), ints or scalar tensors.
        count: int, how many pairs.
        steps: `"all"`, or `"late"` for the last quarter of each sample's steps that count.
        mask: bool tensor (batch, time) of the steps that count, or None for all.
        seed: `keras.random.SeedGenerator`.

    Returns:
        int tensor (count,) of places in (batch * time,), and bool tensor (count,): False for
        places that are there only because too few pairs can be drawn.
    """
    batch, time = shape
    # The pairs with the highest scores are a draw without replacement; what is out scores below 0.
    scores = random.uniform((batch, time), seed=seed)
    counts = ops.ones((batch, time), "bool") if mask is None else ops.cast(mask, "bool")
    if steps == "late":
        numbers = ops.cumsum(ops.cast(counts, "int32"), axis=1)
        first = numbers[:, -1:] - (numbers[:, -1:] + LATE - 1) // LATE
        counts = ops.logical_and(counts, numbers > first)
    scores = ops.reshape(ops.where(counts, scores, -1.0), (-1,))
    # There may be fewer pairs than are wanted.
    best, places = ops.top_k(ops.concatenate([scores, -ops.ones((count,))]), count)
    return ops.minimum(places, batch * time - 1), best >= 0
