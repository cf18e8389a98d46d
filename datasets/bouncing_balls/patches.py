"""Drawing on the few pixels around a ball, which is faster than on whole frames."""

import numpy as np


def summed(x, reach, size, drawn):
    """Frames in which each ball has drawn on the square of pixels around it, at most 1.

    Args:
        x: float64 array (frames, balls, 2), centres: x to the right, y down, pixels.
        reach: float, how far from its centre a ball draws, pixels.
        size: (height, width).
        drawn: function of the ball's number and the lines between the pixels of its square, as
            distances from its centre, arrays (frames, 1, columns + 1) to the right and
            (frames, rows + 1, 1) down; it returns an array (frames, rows, columns).

    Returns:
        float32 array (frames, height, width), 0 to 1.
    """
    sides = np.minimum(size, int(np.ceil(2 * reach)) + 1)
    frames, each = np.zeros((len(x), *size), "float32"), np.arange(len(x))[:, None, None]
    for ball in range(x.shape[1]):
        # A square is moved into the frame: it still holds all that the frame does of the ball.
        first = np.clip(np.floor(x[:, ball, ::-1] - reach), 0, size - sides).astype(int)
        rows, columns = (first[:, axis, None] + np.arange(sides[axis] + 1) for axis in (0, 1))
        across, down = columns - x[:, ball, :1], rows - x[:, ball, 1:]
        values = drawn(ball, across[:, None], down[:, :, None])
        frames[each, rows[:, :-1, None], columns[:, None, :-1]] += values
    return np.clip(frames, 0, 1, out=frames)
