"""Where discs are, by all of the last frames together."""

import numpy as np
from keras import ops

from rnnzoo.layers.discs.finder import match_discs

FRAMES = 10  # that count; hits magnify errors, so what was long before says little
TURNS = 4
APART = (1e-2, 2e-3)  # pixels, and pixels a frame, of a finite difference
MOST = 0.5  # of either, the longest step of a turn
# Damping at first, and what it is multiplied by after a step that is taken, or is not.
DAMPING, LESS, MORE = 1e-2, 0.2, 5.0
WELL = 0.1  # pixels; where the differences are larger, the motion back is not that of the discs


def smooth_states(cell, found, states):
    """Corrects where a cell expects discs, and how fast, by all of the last frames together.

    A filter takes one frame after the other, and what it makes of a hit it does not see again.
    Here the learned motion runs back through the frames, with velocities turned round, and the
    places and velocities x after them become those that make

        sum_t |found_t - back_t(x)|^2

    least: a state fitted to a window of observations, as in weather forecasts (4D-Var, Le Dimet and
    Talagrand, 1986), by steps of Levenberg and Marquardt with finite differences. In each sequence
    a step is taken only if it makes the sum less. A motion that cannot be turned round explains
    little; where the root of the mean square is then above 0.1 pixels, the states stay as they are.

    Args:
        cell: `DiscMotionCell`.
        found: array (batch, time, objects * 3), what `DiscFinder` found in the frames; the last
            `FRAMES` count.
        states: list of the cell's states after them.

    Returns:
        The states, with other places and velocities; nothing else of them is changed.
    """
    pairs, present = (-1, cell.objects, 2), states[4]
    found = ops.pad(found[:, -FRAMES:], ((0, 0), (FRAMES, 0), (0, 0)))[:, -FRAMES:]
    seen = ops.reshape(found, (-1, FRAMES, cell.objects, 3))
    size = cell.objects * 4
    filtered = ops.concatenate([ops.reshape(one, pairs) for one in states[:2]], axis=-1)
    x = filtered = ops.reshape(filtered, (-1, size))
    least, rest, slopes = _weighed(cell, x, present, seen)
    damping = DAMPING * ops.ones_like(least)
    for _ in range(TURNS):
        turned = ops.transpose(slopes, (0, 2, 1))
        diagonal = np.eye(size, dtype="float32") * (ops.sum(slopes**2, axis=1) + 1e-3)[..., None]
        damped = ops.matmul(turned, slopes) + damping[:, None, None] * diagonal
        step = ops.solve(damped, ops.matmul(turned, rest[..., None]))[..., 0]
        tried = x - ops.clip(step, -MOST, MOST)
        error, *made = _weighed(cell, tried, present, seen)
        better = error < least
        x, least = ops.where(better[:, None], tried, x), ops.where(better, error, least)
        rest = ops.where(better[:, None], made[0], rest)
        slopes = ops.where(better[:, None, None], made[1], slopes)
        damping = damping * ops.where(better, LESS, MORE)
    explained = least < 2 * WELL**2 * ops.sum(seen[..., 2], axis=(1, 2))
    x = ops.reshape(ops.where(explained[:, None], x, filtered), (-1, cell.objects, 4))
    p, v = (ops.reshape(one, ops.shape(states[0])) for one in (x[..., :2], x[..., 2:]))
    return [p, v, *states[2:]]


def _weighed(cell, x, present, seen):
    """What is left between what was seen and x (batch, objects * 4) run back, and how it changes.

    Returns:
        Arrays: sums of squares (batch,), differences (batch, n), slopes (batch, n, objects * 4).
    """
    size, objects = cell.objects * 4, cell.objects
    apart = np.tile([APART[0]] * 2 + [APART[1]] * 2, objects).astype("float32")
    # Beside x itself, each of its numbers a little larger.
    many = x[:, None] + np.concatenate([np.zeros((1, size)), np.diag(apart)]).astype("float32")
    many = ops.reshape(many, (-1, objects, 4))
    p, v = many[..., :2], -many[..., 2:]
    there = ops.repeat(present, size + 1, axis=0)
    rest = []
    for t in reversed(range(FRAMES)):
        p, v, _ = cell.moved(p, v, there)
        back = ops.reshape(p, (-1, size + 1, objects, 2))
        of_disc = match_discs(seen[:, t], back[:, 0], present)
        known = (of_disc[..., 2] * present)[:, None, :, None]
        rest.append(known * (back - of_disc[:, None, :, :2]))
    rest = ops.reshape(ops.stack(rest, axis=2), (-1, size + 1, FRAMES * objects * 2))
    slopes = ops.transpose((rest[:, 1:] - rest[:, :1]) / apart[:, None], (0, 2, 1))
    return ops.sum(rest[:, 0] ** 2, axis=-1), rest[:, 0], slopes
