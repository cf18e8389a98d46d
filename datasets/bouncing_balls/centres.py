"""Locates balls in frames that a model predicted."""

import numpy as np
from scipy import ndimage

from rnnzoo.datasets.bouncing_balls.rendering import CHUNK, antialiased

LEAST = 0.5  # bright share of a ball's area, below which the ball is missing
ITERATIONS = 10


def find_centres(frames, radii):
    """Fits one disc per ball, at the position where most of its area is bright.

    Discs are located one after the other, the largest first, and each is subtracted from the frame.
    Then, ten times, each pixel is assigned to the disc with the least d² - r², which separates
    touching discs, and each disc moves to the centre of mass of its pixels.

    Args:
        frames: array (frames, height, width), 0 to 1.
        radii: float64 array (balls,), pixels.

    Returns:
        float64 array (frames, balls, 2): x to the right, y down, pixels; NaN for a ball of
            whose area less than half is bright.
    """
    centres = np.empty((len(frames), len(radii), 2))
    for at in range(0, len(frames), CHUNK):
        some = np.asarray(frames[at : at + CHUNK], "float64")
        x = first_centres(some, radii)
        for _ in range(ITERATIONS):
            x, mass = moved(some, x, radii)
        there = mass >= LEAST * np.pi * radii**2
        centres[at : at + CHUNK] = np.where(there[..., None], x, np.nan)
    return centres


def first_centres(frames, radii):
    """Centres of pixels, one disc after the other; arguments and result as `find_centres`.

    Missing balls must be known before pixels are assigned: they would take those of another.
    """
    left, x = frames, np.zeros((len(frames), len(radii), 2))
    for ball in np.argsort(-radii, kind="stable"):
        at, there, left = taken(left, radii[ball])
        x[:, ball] = np.where(there[:, None], at, np.nan)
    return x


def taken(frames, radius):
    """The brightest disc, and the frames without it.

    Args:
        frames: float64 array (frames, height, width), 0 to 1.
        radius: float, pixels.

    Returns:
        at: float64 array (frames, 2), the centre of a pixel.
        there: bool array (frames,), whether at least half of the disc's area is bright.
        left: float64 array as `frames`, the same where there is no disc.
    """
    half, radii = int(np.ceil(radius)), np.array([radius])
    disc = antialiased(np.full((1, 1, 2), half + 0.5), radii, (2 * half + 1,) * 2)
    bright = ndimage.correlate(frames, disc, mode="constant").reshape(len(frames), -1)
    row, column = np.divmod(bright.argmax(axis=1), frames.shape[2])
    at = np.stack([column, row], axis=-1) + 0.5
    there = bright.max(axis=1) >= LEAST * np.sum(disc**2)
    left = np.maximum(frames - antialiased(at[:, None], radii, frames.shape[1:]), 0)
    return at, there, np.where(there[:, None, None], left, frames)


def moved(frames, x, radii):
    """One iteration of `find_centres`.

    Returns:
        x: float64 array (frames, balls, 2).
        mass: float64 array (frames, balls), the sum of a disc's pixels.
    """
    rows, columns = np.arange(frames.shape[1]) + 0.5, np.arange(frames.shape[2]) + 0.5
    across, down = x[..., 0, None, None] - columns, x[..., 1, None, None] - rows[:, None]
    power = across**2 + down**2 - (radii**2)[:, None, None]
    power = np.where(np.isnan(power), np.inf, power)  # of missing balls
    own = power.argmin(axis=1)[:, None] == np.arange(len(radii))[:, None, None]
    # Half a pixel more than the disc: the dim rest of a prediction would draw it to the middle.
    near = power <= ((radii + 0.5) ** 2 - radii**2)[:, None, None]
    weights = np.where(own & near, frames[:, None], 0)
    mass = weights.sum(axis=(2, 3))
    sums = np.stack([(weights * columns).sum((2, 3)), (weights * rows[:, None]).sum((2, 3))], -1)
    return np.where(mass[..., None] > 0, sums / np.maximum(mass, 1e-12)[..., None], x), mass
