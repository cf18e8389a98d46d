"""Simulates bouncing balls: frames, positions and velocities."""

from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.bouncing_balls import initial_state
from rnnzoo.datasets.bouncing_balls.arguments import per_ball, speed_range
from rnnzoo.datasets.bouncing_balls.motion import motion
from rnnzoo.datasets.bouncing_balls.rendering import RENDERINGS, rendered
from rnnzoo.datasets.common.arguments import checked_seed, frame_size, whole
from rnnzoo.datasets.common.errors import InputError


@dataclass(frozen=True)
class BouncingBalls:
    """Sequences of frames, with the positions and velocities of the balls.

    Args:
        frames: array (sequences, steps, height, width); uint8, 0 or 1, or float32 from 0 to 1.
        positions: float64 array (sequences, steps, balls, 2), centres: x to the right, y down, in
            pixels from the upper left corner of the frame.
        velocities: float64 array (sequences, steps, balls, 2), pixels per frame.
        radii: float64 array (balls,), pixels.
        masses: float64 array (balls,).
    """

    frames: np.ndarray
    positions: np.ndarray
    velocities: np.ndarray
    radii: np.ndarray
    masses: np.ndarray


def bouncing_balls(
    count, steps, seed, *, balls=3, size=18, radius=2.0, mass=1.0, speed=1.0, rendering="binary"
):
    """Balls that hit the walls and each other without loss, as in [TH] 7.1.

    [TH] gives 18 x 18 pixels, two or three balls, and ones where there are balls; radius and
    speed are not stated. The motion is exact: see `motion`.

    Args:
        count: int, sequences.
        steps: int, frames of a sequence.
        seed: int or sequence of ints, at least 0.
        balls: int.
        size: int, or pair (height, width), pixels.
        radius, mass: float for all balls, or one per ball; the radius in pixels.
        speed: float, or pair (least, most), in the first frame, pixels per frame.
        rendering: `"binary"`, or `"antialiased"`: the covered part of each pixel.

    Returns:
        `BouncingBalls`.

    Raises:
        InputError: an argument is out of its range, or the balls have no room.

    Example:

    >>> data = bouncing_balls(2, 10, seed=1)
    >>> data.frames.shape, data.positions.shape
    ((2, 10, 18, 18), (2, 10, 3, 2))
    """
    count, steps, balls = whole("count", count), whole("steps", steps), whole("balls", balls)
    height, width = frame_size(size)
    radii, masses = per_ball("radius", radius, balls), per_ball("mass", mass, balls)
    speeds = speed_range(speed)
    if rendering not in RENDERINGS:
        known = ", ".join(map(repr, RENDERINGS))
        raise InputError(f"rendering is {rendering!r}: choose one of {known}")
    box, rng = np.array([width, height], "float64"), np.random.default_rng(checked_seed(seed))
    x = initial_state.positions(rng, count, radii, box)
    v = initial_state.velocities(rng, count, balls, speeds)
    positions, velocities = motion(x, v, radii, masses, box, steps)
    frames = rendered(RENDERINGS[rendering], positions, radii, (height, width))
    return BouncingBalls(frames, positions, velocities, radii, masses)
