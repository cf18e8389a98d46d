"""What a model that predicts frames of balls has to beat."""

import numpy as np


def copied_frames(frames, steps):
    """The last frame again and again.

    Args:
        frames: array (batch, time, height, width).
        steps: int.

    Returns:
        array (batch, steps, height, width).
    """
    return np.repeat(frames[:, -1:], steps, axis=1)


def extrapolated_centres(positions, steps):
    """True centres that go on as from the last frame but one to the last, through walls and balls.

    Args:
        positions: array (batch, time, balls, 2), two frames at least.
        steps: int.

    Returns:
        array (batch, steps, balls, 2); `rnnzoo.datasets.bouncing_balls.rendering` draws them.
    """
    last, before = positions[:, -1:], positions[:, -2:-1]
    return last + np.arange(1, steps + 1)[:, None, None] * (last - before)
