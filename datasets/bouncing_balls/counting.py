"""Counts balls in predicted frames, and measures changes of brightness."""

import numpy as np

from rnnzoo.datasets.bouncing_balls.centres import taken
from rnnzoo.datasets.bouncing_balls.rendering import CHUNK


def count_balls(frames, radii):
    """Number of balls in each frame, which may be more or fewer than expected.

    Discs are subtracted from a frame one after the other, each where most of its area is bright, as
    in `find_centres`: first one per ball, the largest first, then further ones until less than half
    of every disc's area is bright.

    Of simulated frames the count is right: in all of 2,000 of `bouncing_balls(20, 100, 1)`, binary
    and antialiased, and of 10,000 more. It is one too many in 1 to 2 % of the frames of ten balls
    in a box of 18 x 18, in most of those in which three balls all touch one another, and in most
    binary ones of radius 1, whose few pixels are no disc. Of unequal balls it is wrong in up to
    3 % of frames, and a further large ball in the place of a small one may count twice.

    Args:
        frames: array (frames, height, width), 0 to 1; values outside are clipped.
        radii: array (balls,), pixels, of the expected balls.

    Returns:
        int array (frames,).
    """
    ordered = np.sort(np.asarray(radii, "float64"))[::-1]
    counts = np.zeros(len(frames), int)
    for at in range(0, len(frames), CHUNK):
        left = np.clip(np.asarray(frames[at : at + CHUNK], "float64"), 0, 1)
        for radius in ordered:
            _, there, left = taken(left, radius)
            counts[at : at + CHUNK] += there
        for radius in np.unique(ordered)[::-1]:
            there = np.array([True])
            while there.any():
                _, there, left = taken(left, radius)
                counts[at : at + CHUNK] += there
    return counts


def mass(frames):
    """The sum of each frame's pixels, which is constant for balls that do not overlap.

    Args:
        frames: array (..., height, width).

    Returns:
        float64 array (...), pixels.
    """
    return np.sum(frames, axis=(-2, -1), dtype="float64")


def mass_drift(predicted, true):
    """Relative error of the brightness of predicted frames: mass / true mass - 1.

    Args:
        predicted, true: arrays (..., height, width), which are broadcast.

    Returns:
        float64 array (...): 0.1 for a tenth too much; NaN where the true frame is black.
    """
    expected = mass(true)
    return mass(predicted) / np.where(expected > 0, expected, np.nan) - 1
