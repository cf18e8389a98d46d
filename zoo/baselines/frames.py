"""Baselines of the prediction of frames of balls."""

import numpy as np


def copied_frames(frames, steps):
    """The last frame, repeated.

    Args:
        frames: array (batch, time, height, width).
        steps: int.

    Returns:
        array (batch, steps, height, width).
    """
    return np.repeat(frames[:, -1:], steps, axis=1)


def extrapolated_centres(positions, steps):
    """True centres, extrapolated linearly from the last two frames, ignoring walls and collisions.

    Args:
        positions: array (batch, time, balls, 2), two frames at least.
        steps: int.

    Returns:
        array (batch, steps, balls, 2); `rnnzoo.datasets.bouncing_balls.rendering` draws them.
    """
    last, before = positions[:, -1:], positions[:, -2:-1]
    return last + np.arange(1, steps + 1)[:, None, None] * (last - before)
