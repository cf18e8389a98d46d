"""Exact motion of balls in a box, many sequences at once."""

import numpy as np

from rnnzoo.datasets.bouncing_balls.collisions import bounced, next_collision


def motion(x, v, radii, masses, box, steps):
    """Positions and velocities of balls that fly straight from collision to collision.

    The time of each collision is computed exactly, so balls never overlap or pass through one
    another at any speed, and energy is conserved up to rounding. Each iteration of the loop takes
    every sequence to its own next collision or frame, whichever comes first.

    Args:
        x: float64 array (sequences, balls, 2), centres in the first frame, apart, pixels.
        v: float64 array (sequences, balls, 2), pixels per frame.
        radii, masses: float64 arrays (balls,).
        box: float64 array (2,), width and height, pixels.
        steps: int, frames.

    Returns:
        positions, velocities: float64 arrays (sequences, steps, balls, 2); of a collision at the
            time of a frame, those before it.
    """
    positions = np.empty((len(x), steps, *x.shape[1:]))
    velocities = np.empty_like(positions)
    positions[:, 0], velocities[:, 0], v = x, v, v.copy()
    rows, frame, left = np.arange(len(x)), np.ones(len(x), int), np.ones(len(x))
    while steps > 1 and len(rows):
        times, which = next_collision(x, v, radii, box)
        due = times >= left
        passed = np.where(due, left, times)
        x = x + v * passed[:, None, None]
        left = np.where(due, 1, left - passed)
        positions[rows[due], frame[due]] = x[due]
        velocities[rows[due], frame[due]] = v[due]
        frame = frame + due
        v[~due] = bounced(x[~due], v[~due], masses, which[~due])
        going = frame < steps
        if not going.all():
            rows, frame, left, x, v = (array[going] for array in (rows, frame, left, x, v))
    return positions, velocities
