"""Smoothing: the states of discs fitted to a window of frames."""

import numpy as np
from keras import ops

from rnnzoo.layers.discs.finder import match_discs

FRAMES = 10  # in the window; hits magnify errors, so earlier frames are not informative
ITERATIONS = 4
DIFFERENCES = (1e-2, 2e-3)  # finite differences, in pixels and in pixels per frame
MAX_STEP = 0.5  # of an iteration, in the same units
# Initial damping, and its factors after an accepted step and after a rejected one.
DAMPING, LESS, MORE = 1e-2, 0.2, 5.0
MAX_ERROR = 0.1  # pixels; with larger residuals the reversed motion is not that of the discs


def smooth_states(cell, detected, states):
    """Corrects the positions and velocities in a cell's states by a fit to the last frames.

    A filter reads one frame after the other and does not revise its estimate of a hit. Here the
    learned motion runs backwards through the frames, with reversed velocities, and the positions
    and velocities x after them become those that minimise

        sum_t |detected_t - back_t(x)|^2

    a state fitted to a window of observations, as in weather forecasts (4D-Var, Le Dimet and
    Talagrand, 1986), by Levenberg-Marquardt steps with finite differences. In each sequence a
    step is accepted only if it reduces the sum. A motion that is not reversible fits badly: where
    the root mean square residual is above 0.1 pixels, the states do not change.

    Args:
        cell: `DiscMotionCell`.
        detected: array (batch, time, objects * 3), the output of `DiscFinder` for the frames, of
            which the last `FRAMES` are used.
        states: list of the cell's states after them.

    Returns:
        List of the states, with corrected positions and velocities.
    """
    pairs, present = (-1, cell.objects, 2), states[4]
    detected = ops.pad(detected[:, -FRAMES:], ((0, 0), (FRAMES, 0), (0, 0)))[:, -FRAMES:]
    detected = ops.reshape(detected, (-1, FRAMES, cell.objects, 3))
    size = cell.objects * 4
    filtered = ops.concatenate([ops.reshape(state, pairs) for state in states[:2]], axis=-1)
    x = filtered = ops.reshape(filtered, (-1, size))
    error, residuals, jacobian = _residuals(cell, x, present, detected)
    damping = DAMPING * ops.ones_like(error)

    def iterate(_, fit):
        x, error, residuals, jacobian, damping = fit
        transposed = ops.transpose(jacobian, (0, 2, 1))
        diagonal = np.eye(size, dtype="float32") * (ops.sum(jacobian**2, axis=1) + 1e-3)[..., None]
        damped = ops.matmul(transposed, jacobian) + damping[:, None, None] * diagonal
        step = ops.solve(damped, ops.matmul(transposed, residuals[..., None]))[..., 0]
        new_x = x - ops.clip(step, -MAX_STEP, MAX_STEP)
        new_error, new_residuals, new_jacobian = _residuals(cell, new_x, present, detected)
        better = new_error < error
        x, error = ops.where(better[:, None], new_x, x), ops.where(better, new_error, error)
        residuals = ops.where(better[:, None], new_residuals, residuals)
        jacobian = ops.where(better[:, None, None], new_jacobian, jacobian)
        return x, error, residuals, jacobian, damping * ops.where(better, LESS, MORE)

    # Loops, here and below, are traced once, however often they run.
    fit = ops.fori_loop(0, ITERATIONS, iterate, (x, error, residuals, jacobian, damping))
    x, error = fit[:2]
    fits = error < 2 * MAX_ERROR**2 * ops.sum(detected[..., 2], axis=(1, 2))
    x = ops.reshape(ops.where(fits[:, None], x, filtered), (-1, cell.objects, 4))
    p, v = (ops.reshape(part, ops.shape(states[0])) for part in (x[..., :2], x[..., 2:]))
    return [p, v, *states[2:]]


def _residuals(cell, x, present, detected):
    """The residuals of detected positions for states x that run backwards, and their Jacobian.

    Args:
        cell: `DiscMotionCell`.
        x: array (batch, objects * 4), positions and velocities.
        present: array (batch, objects).
        detected: array (batch, FRAMES, objects, 3).

    Returns:
        Arrays: sums of squares (batch,), residuals (batch, n), Jacobian (batch, n, objects * 4).
    """
    size, objects = cell.objects * 4, cell.objects
    deltas = np.tile([DIFFERENCES[0]] * 2 + [DIFFERENCES[1]] * 2, objects).astype("float32")
    # x itself, and x with one number increased by its delta.
    points = x[:, None] + np.concatenate([np.zeros((1, size)), np.diag(deltas)]).astype("float32")
    points = ops.reshape(points, (-1, objects, 4))
    points_present = ops.repeat(present, size + 1, axis=0)

    def back(_, motion):
        p, v, path = motion
        p, v, _ = cell.moved(p, v, points_present)
        return p, v, ops.concatenate([p[None], path[:-1]])

    p, v = points[..., :2], -points[..., 2:]
    path = ops.repeat(ops.zeros_like(p)[None], FRAMES, axis=0)
    *_, path = ops.fori_loop(0, FRAMES, back, (p, v, path))
    path = ops.reshape(path, (FRAMES, -1, size + 1, objects, 2))
    path = ops.transpose(path, (1, 0, 2, 3, 4))
    matched = match_discs(
        ops.reshape(detected, (-1, objects, 3)),
        ops.reshape(path[:, :, 0], (-1, objects, 2)),
        ops.repeat(present, FRAMES, axis=0),
    )
    matched = ops.reshape(matched, (-1, FRAMES, 1, objects, 3))
    known = (matched[..., 2] * present[:, None, None])[..., None]
    residuals = ops.transpose(known * (path - matched[..., :2]), (0, 2, 1, 3, 4))
    residuals = ops.reshape(residuals, (-1, size + 1, FRAMES * objects * 2))
    jacobian = (residuals[:, 1:] - residuals[:, :1]) / deltas[:, None]
    return (
        ops.sum(residuals[:, 0] ** 2, axis=-1),
        residuals[:, 0],
        ops.transpose(jacobian, (0, 2, 1)),
    )
