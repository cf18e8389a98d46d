"""Squared errors of frames by number, change and bounces, beside a copy of the last frame."""

import numpy as np

from rnnzoo.datasets.common.splits import EVALUATED
from rnnzoo.evaluation_rows import binned, merged_rows, thirds
from rnnzoo.frames.evaluation import copied_errors, frame_errors

KNOWN = (1, 2, 3, 6, 11, 21)  # fewest frames that are known before those of a slice
STRAIGHT = 1e-6  # pixels per frame: a change of velocity above it is a bounce
BOUNCES = ("no ball bounces", "a ball bounces")


def rows(model, data):
    """Yields the rows of `rnnzoo.pipelines.core.family.Family.evaluation_rows`.

    Args:
        model: `FramePredictor`.
        data: `FrameData`.
    """
    for split in EVALUATED:
        frames = data.frames[split]
        copied = copied_errors(frames)
        known = np.broadcast_to(np.arange(1, frames.shape[1]), copied.shape)
        slices = {
            "frames known": binned(known.ravel(), KNOWN),
            "change from the last frame": thirds(copied.ravel(), ("small", "medium", "large")),
        }
        if data.balls:
            slices["bounce"] = (list(BOUNCES), bounces(data.balls[split]).ravel().astype(int))
        baselines = {"a copy of the last frame": copied.ravel()}
        losses = frame_errors(model, frames).ravel()
        yield from merged_rows(split, slices, losses, baselines=baselines)


def bounces(balls):
    """Whether a ball's velocity changes before a frame, at a wall or another ball.

    Args:
        balls: `BouncingBalls`.

    Returns:
        bool array (sequences, steps - 1), of all frames but the first.
    """
    change = np.abs(np.diff(balls.velocities, axis=1))
    return (change > STRAIGHT).any(axis=(2, 3))
