"""When balls touch a wall or one another next, and what that does to their velocities.

Positions are (sequences, balls, 2): x to the right, y down, in a box from 0 to (width, height).
A collision has a number: 2 i + a is ball i with a wall across axis a (0: x, 1: y); the pairs
(i, j), i < j, follow in the order of `numpy.triu_indices`.
"""

import numpy as np

# A pair whose normal speed is below this part of its relative speed passes as not touching: it
# would get into one another by less than GRAZING**2 / 2 of the sum of its radii, which is less than
# rounding, and rounding could make it collide for ever.
GRAZING = 1e-9


def wall_times(x, v, radii, box):
    """Time until each ball touches a wall across each axis.

    Args:
        x, v: float64 arrays (sequences, balls, 2).
        radii: float64 array (balls,).
        box: float64 array (2,), width and height.

    Returns:
        float64 array (sequences, balls, 2); infinity for what does not move.
    """
    gap = np.where(v > 0, box - radii[:, None] - x, x - radii[:, None])
    times = np.full(x.shape, np.inf)
    return np.divide(np.maximum(gap, 0), np.abs(v), out=times, where=v != 0)


def pair_times(x, v, radii):
    """Time until each pair of balls touches.

    The smaller root of |d + u t| = r_i + r_j, with d and u the difference of positions and of
    velocities: t = c / (-b + sqrt(b² - a c)), a = u·u, b = d·u, c = d·d - (r_i + r_j)².

    Args:
        x, v, radii: as `wall_times`.

    Returns:
        float64 array (sequences, pairs); infinity for those that miss one another.
    """
    i, j = np.triu_indices(len(radii), 1)
    d, u = x[:, j] - x[:, i], v[:, j] - v[:, i]
    reach = radii[i] + radii[j]
    a = u[..., 0] ** 2 + u[..., 1] ** 2
    b = d[..., 0] * u[..., 0] + d[..., 1] * u[..., 1]
    c = d[..., 0] ** 2 + d[..., 1] ** 2 - reach**2
    inner = b**2 - a * c
    touch = (b < -GRAZING * reach * np.sqrt(a)) & (inner > 0)
    below = np.where(touch, np.sqrt(np.maximum(inner, 0)) - b, 1)
    return np.where(touch, np.maximum(c, 0) / below, np.inf)


def next_collision(x, v, radii, box):
    """The next collision of each sequence.

    Args:
        x, v, radii, box: as `wall_times`.

    Returns:
        times: float64 array (sequences,), infinity where nothing moves.
        which: int array (sequences,), number of the collision.
    """
    walls = wall_times(x, v, radii, box).reshape(len(x), -1)
    times = np.concatenate([walls, pair_times(x, v, radii)], axis=1)
    which = times.argmin(axis=1)
    return times[np.arange(len(x)), which], which


def bounced(x, v, masses, which):
    """Velocities after a collision each.

    A wall turns one component round. Two balls exchange momentum along the line n between their
    centres: v_i += 2 m_j / (m_i + m_j) ((v_j - v_i)·n) n, and v_j the other way round, which keeps
    m_i v_i + m_j v_j and the kinetic energy.

    Args:
        x, v: float64 arrays (sequences, balls, 2), at the collision.
        masses: float64 array (balls,).
        which: int array (sequences,), number of the collision.

    Returns:
        float64 array (sequences, balls, 2).
    """
    v, walls = v.copy(), 2 * len(masses)
    (rows,) = np.nonzero(which < walls)
    v[rows, which[rows] // 2, which[rows] % 2] *= -1
    (rows,) = np.nonzero(which >= walls)
    i, j = (side[which[rows] - walls] for side in np.triu_indices(len(masses), 1))
    d = x[rows, j] - x[rows, i]
    n = d / np.sqrt(d[:, :1] ** 2 + d[:, 1:] ** 2)
    u = v[rows, j] - v[rows, i]
    exchanged = (u[:, :1] * n[:, :1] + u[:, 1:] * n[:, 1:]) * n
    share = (2 / (masses[i] + masses[j]))[:, None] * exchanged
    v[rows, i] += masses[j][:, None] * share
    v[rows, j] -= masses[i][:, None] * share
    return v
