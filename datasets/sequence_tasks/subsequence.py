"""Subsequence detection: an alarm after a known pattern in noise, [TH] 4.5."""

import numpy as np

PATTERN = 10  # steps of the pattern, and of the alarm


def subsequence(steps, spacing, pattern_seed, seed, delay=0):
    """White noise in which a pattern returns at random distances.

    Pattern and noise are normal, with mean 0 and variance 1. From the end of one pattern to the
    beginning of the next there are 0 to 2 `spacing` steps, all as likely.

    Args:
        steps: int, length of the sequence.
        spacing: int, mean distance.
        pattern_seed: int or sequence of ints: training and test data have the same pattern.
        seed: int or sequence of ints, of everything else.
        delay: int, steps from the end of the pattern to the alarm.

    Returns:
        x: float32 array (steps, 1).
        y: int32 array (steps,), 1 in the ten steps of each alarm, else 0.
    """
    pattern = np.random.default_rng(pattern_seed).normal(size=PATTERN)
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=steps), np.zeros(steps, "int32")
    start = rng.integers(2 * spacing + 1)
    while start + PATTERN <= steps:
        end = start + PATTERN
        x[start:end] = pattern
        y[end + delay : end + delay + PATTERN] = 1
        start = end + rng.integers(2 * spacing + 1)
    return x.astype("float32")[:, None], y
