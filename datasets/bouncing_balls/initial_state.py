"""Random positions and velocities of the first frame."""

import numpy as np

from rnnzoo.datasets.common.errors import InputError

TRIES = 200  # of one ball, before the sequence is started again
ROUNDS = 50
CLEARANCE = 0.01  # pixels between a ball and walls: without any it would bounce for ever


def positions(rng, count, radii, box):
    """Places the balls one after the other, the largest first, uniformly where they touch nothing.

    Args:
        rng: `numpy.random.Generator`.
        count: int, sequences.
        radii: float64 array (balls,), pixels.
        box: float64 array (2,), width and height, pixels.

    Returns:
        float64 array (count, balls, 2).

    Raises:
        InputError: a ball is as large as the box, or the balls do not fit into it.
    """
    room = f"a box of {box[1]:g} x {box[0]:g}"
    most = (box.min() - CLEARANCE) / 2
    if radii.max() > most:
        raise InputError(f"a radius is {radii.max():.10g}: give at most {most:g} for {room}")
    if np.pi * np.sum(radii**2) < box.prod():
        x, rows = np.zeros((count, len(radii), 2)), np.arange(count)
        for _ in range(ROUNDS):
            x[rows], placed = attempt(rng, len(rows), radii, box)
            rows = rows[~placed]
            if not len(rows):
                return x
    raise InputError(
        f"no room for {len(radii)} balls of radius {radii.min():g} to {radii.max():g} in {room}: "
        "give fewer or smaller balls, or a larger size"
    )


def attempt(rng, count, radii, box):
    """One round of `positions`; the arguments are its own.

    Returns:
        x: float64 array (count, balls, 2).
        placed: bool array (count,), whether all balls of a sequence have been placed.
    """
    x, placed = np.zeros((count, len(radii), 2)), np.ones(count, bool)
    order = np.argsort(-radii, kind="stable")
    for turn, ball in enumerate(order):
        before, rows = order[:turn], np.nonzero(placed)[0]
        for _ in range(TRIES):
            tried = rng.uniform(radii[ball], box - radii[ball], (len(rows), 2))
            d = x[rows[:, None], before] - tried[:, None]
            free = (np.sum(d**2, axis=-1) > (radii[before] + radii[ball]) ** 2).all(axis=1)
            x[rows[free], ball] = tried[free]
            rows = rows[~free]
            if not len(rows):
                break
        placed[rows] = False
    return x, placed


def velocities(rng, count, balls, speeds):
    """Directions uniform on the circle, speeds uniform in a range.

    Args:
        rng: `numpy.random.Generator`.
        count, balls: int.
        speeds: (least, most), pixels per frame.

    Returns:
        float64 array (count, balls, 2).
    """
    angle = rng.uniform(0, 2 * np.pi, (count, balls))
    speed = rng.uniform(*speeds, (count, balls))
    return speed[..., None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
