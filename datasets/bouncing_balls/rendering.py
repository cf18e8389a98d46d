"""Frames of discs: the pixel in row i and column j is the square from (j, i) to (j + 1, i + 1)."""

import numpy as np

from rnnzoo.datasets.bouncing_balls.patches import summed

CHUNK = 256  # frames at a time, so that the work stays in the processor's cache


def binary(x, radii, size):
    """Ones where the centre of a pixel is in a disc or on its edge, as the frames of [TH] 7.1.

    Args:
        x: float64 array (frames, balls, 2), centres: x to the right, y down, pixels.
        radii: float64 array (balls,), pixels.
        size: (height, width).

    Returns:
        uint8 array (frames, height, width), 0 or 1.
    """
    rows, columns = np.arange(size[0]) + 0.5, np.arange(size[1]) + 0.5
    frames = np.zeros((len(x), *size), bool)
    for ball, radius in enumerate(radii):
        across = (columns - x[:, ball, :1]) ** 2
        down = (rows - x[:, ball, 1:]) ** 2
        frames |= across[:, None] + down[:, :, None] <= radius**2
    return frames.view("uint8")


def antialiased(x, radii, size):
    """The exact part of each pixel that discs cover; at most 1 where discs overlap.

    Args:
        x, radii, size: as `binary`.

    Returns:
        float32 array (frames, height, width), 0 to 1.
    """

    def covered(ball, across, down):
        u, w = (np.clip(lines / radii[ball], -1, 1) for lines in (across, down))
        return radii[ball] ** 2 * disc_parts(u, w)

    return summed(x, radii.max(), size, covered)


def disc_parts(u, w):
    """Areas of a disc of radius 1 around 0 in the rectangles between lines.

    With A(u, w) the area to the left of u and above w, and H(u) = u sqrt(1 - u²) + asin u + pi/2
    that to the left of u alone: A = u w + (H(u) + H(w)) / 2 - pi/4 for (u, w) in the disc; outside
    it, [w > 0] H(u) + [u > 0] H(w) - pi [u > 0] [w > 0]. A rectangle holds A's difference.

    Args:
        u: array (frames, 1, lines), -1 to 1, rising.
        w: array (frames, lines, 1), as u.

    Returns:
        array (frames, lines - 1, lines - 1).
    """
    left, above = (t * np.sqrt(1 - t**2) + np.arcsin(t) + np.pi / 2 for t in (u, w))
    inside = u * w + (left / 2 - np.pi / 4) + above / 2
    outside = (w > 0) * left + (u > 0) * (above - np.pi * (w > 0))
    area = np.where(u**2 + w**2 < 1, inside, outside)
    return np.diff(np.diff(area, axis=1), axis=2)


RENDERINGS = {"binary": binary, "antialiased": antialiased}


def rendered(rendering, x, radii, size):
    """Frames of sequences.

    Args:
        rendering: a function of (x, radii, size), as `binary`.
        x: float64 array (sequences, steps, balls, 2), pixels.
        radii: float64 array (balls,), pixels.
        size: (height, width).

    Returns:
        array (sequences, steps, height, width) of what `rendering` returns.
    """
    flat = x.reshape(-1, *x.shape[2:])
    parts = [rendering(flat[at : at + CHUNK], radii, size) for at in range(0, len(flat), CHUNK)]
    return np.concatenate(parts).reshape(*x.shape[:2], *size)
