"""The cells of a rectangle that are inside a region."""

import numpy as np

RADIUS = 0.8  # of half the rectangle: about half of its cells are inside, as in Piedmont
HARMONICS = np.arange(2, 8)
SWING = 0.12


def region_mask(random, height, width):
    """bool array (height, width), True within a smooth closed curve around the centre.

    In polar coordinates, r(a) = 0.8 + sum over n of c[n] cos(n a + phase[n]).

    Args:
        random: `numpy.random.Generator`.
        height, width: int, cells.
    """
    swings = random.normal(size=len(HARMONICS)) * SWING / HARMONICS
    phases = random.uniform(0, 2 * np.pi, len(HARMONICS))
    row = (2 * np.arange(height) + 1) / height - 1
    column = (2 * np.arange(width) + 1) / width - 1
    angle = np.arctan2(row[:, None], column)
    radius = np.full((height, width), RADIUS)
    for n, swing, phase in zip(HARMONICS, swings, phases, strict=True):
        radius += swing * np.cos(n * angle + phase)
    inside = np.hypot(row[:, None], column) <= radius
    # Of a region of few cells, the middle one.
    inside[height // 2, width // 2] = True
    return inside
