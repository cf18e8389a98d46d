"""The adding problem: the sum of two marked numbers far apart."""

import numpy as np

# The mean squared error of always answering 1, the mean.
BASELINE = 1 / 6


def adding(count, steps, seed):
    """Sequences of numbers, two of which are marked; Hochreiter and Schmidhuber, 1997.

    Args:
        count: int, sequences.
        steps: int, at least 2.
        seed: int or sequence of ints.

    Returns:
        x: float32 array (count, steps, 2): a number between 0 and 1, and 1 where it is marked,
            once in each half of the sequence.
        y: float32 array (count, 1), the sum of the marked numbers.
    """
    rng = np.random.default_rng(seed)
    x = np.zeros((count, steps, 2), "float32")
    x[..., 0] = rng.random((count, steps))
    rows = np.arange(count)
    marked = rng.integers(steps // 2, size=count), rng.integers(steps // 2, steps, size=count)
    y = np.zeros(count, "float32")
    for indices in marked:
        x[rows, indices, 1] = 1
        y += x[rows, indices, 0]
    return x, y[:, None]
