"""The balls of the literature: the rules of I. Sutskever's simulator (RTRBM, 2008).

Published one-step errors are of 3 balls at 30 x 30 pixels, 4,000 sequences of 100 frames to train
on and 200 to test on.
"""

import numpy as np

from rnnzoo.datasets.bouncing_balls.patches import summed
from rnnzoo.datasets.bouncing_balls.rendering import rendered
from rnnzoo.datasets.bouncing_balls.simulator import BouncingBalls
from rnnzoo.datasets.common.arguments import checked_seed, whole
from rnnzoo.datasets.common.errors import InputError

SIDE, RADIUS, SPEED = 10.0, 1.2, 0.5  # the box, a ball, the norm of all velocities together
LEAST = 2.0  # first positions are uniform from here to SIDE, and drawn again until all fits
MICRO_STEP = 0.5  # frames
ROUNDS = 10_000
REACH = 104 ** (1 / 8)  # radii from a centre to where float32 has 0 for a pixel's value


def start(rng, count, balls):
    """First positions and velocities, float64 arrays (count, balls, 2), in units of the box.

    Raises:
        InputError: no positions were found at which the balls fit.
    """
    v = rng.normal(size=(count, balls, 2))
    v *= SPEED / np.sqrt(np.sum(v**2, axis=(1, 2), keepdims=True))
    x, rows = np.empty((count, balls, 2)), np.arange(count)
    i, j = np.triu_indices(balls, 1)
    for _ in range(ROUNDS):
        x[rows] = tried = rng.uniform(LEAST, SIDE, (len(rows), balls, 2))
        outside = (tried - RADIUS < 0) | (tried + RADIUS > SIDE)
        close = np.sum((tried[:, i] - tried[:, j]) ** 2, axis=-1) < (2 * RADIUS) ** 2
        rows = rows[outside.any(axis=(1, 2)) | close.any(axis=1)]
        if not len(rows):
            return x, v
    raise InputError(f"balls is {balls}: give fewer, no room was found for them")


def micro_step(x, v):
    """Moves balls by half a frame, then turns velocities; in place.

    A ball beyond a wall is sent back, then each two that overlap exchange the velocities along the
    line between them, pair after pair in the order of the original, even if they part already.
    """
    x += MICRO_STEP * v
    speed = np.abs(v)
    np.copyto(v, speed, where=x - RADIUS < 0)
    np.copyto(v, -speed, where=x + RADIUS > SIDE)
    for i in range(x.shape[1]):
        for j in range(i):
            n = x[:, i] - x[:, j]
            distance = np.sqrt(np.sum(n**2, axis=-1, keepdims=True))
            n /= distance
            along = np.sum((v[:, j] - v[:, i]) * n, axis=-1, keepdims=True)
            exchanged = np.where(distance < 2 * RADIUS, along * n, 0)
            v[:, i] += exchanged
            v[:, j] -= exchanged


def soft(x, radii, size):
    """sum_i exp(-(d_i² / r_i²)⁴), at most 1, d_i from a pixel's centre to that of ball i.

    Args:
        x: float64 array (frames, balls, 2), pixels.
        radii: float64 array (balls,), pixels.
        size: (height, width).

    Returns:
        float32 array (frames, height, width), 0 to 1.
    """

    def blob(ball, across, down):
        u = ((across[:, :, :-1] + 0.5) / radii[ball]) ** 2
        w = ((down[:, :-1] + 0.5) / radii[ball]) ** 2
        return np.exp(-(((u + w) ** 2) ** 2))

    return summed(x, REACH * radii.max(), size, blob)


def sutskever_balls(count, steps, seed, *, balls=3, size=30):
    """Sequences by the rules of `bounce_vec` in Sutskever's RTRBM code.

    The same as there: box, radius, first positions and velocities, the micro-steps, what walls and
    collisions do and in which order, and the pixels. Other than there: many sequences at once, the
    random numbers, and positions in pixels. Other than in `bouncing_balls`: balls get into walls
    and one another before they turn, and may turn more than once for one touch. Energy is kept.

    Args:
        count: int, sequences.
        steps: int, frames of a sequence.
        seed: int or sequence of ints, at least 0.
        balls: int.
        size: int, pixels on each side; the balls grow with it.

    Returns:
        `BouncingBalls`, float32 frames.

    Raises:
        InputError: an argument is out of its range, or the balls have no room.
    """
    count, steps = whole("count", count), whole("steps", steps)
    balls, size = whole("balls", balls), whole("size", size)
    x, v = start(np.random.default_rng(checked_seed(seed)), count, balls)
    positions, velocities = np.empty((2, count, steps, balls, 2))
    for t in range(steps):
        positions[:, t], velocities[:, t] = x, v
        for _ in range(round(1 / MICRO_STEP)):
            micro_step(x, v)
    scale, radii = size / SIDE, np.full(balls, RADIUS * size / SIDE)
    positions *= scale
    velocities *= scale
    frames = rendered(soft, positions, radii, (size, size))
    return BouncingBalls(frames, positions, velocities, radii, np.ones(balls))
