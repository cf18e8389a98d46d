"""Error of free runs: rollouts compared with the true balls, step by step."""

import numpy as np

from rnnzoo.baselines.frames import copied_frames, extrapolated_centres
from rnnzoo.datasets.bouncing_balls.centres import find_centres
from rnnzoo.datasets.bouncing_balls.counting import count_balls, mass_drift
from rnnzoo.datasets.bouncing_balls.matching import centre_errors

GIVEN = 10  # frames that the model sees before the free run
HORIZONS = (1, 2, 5, 10, 20, 30, 50)  # steps of the free run that are reported


def free_run(model, balls, threshold=None):
    """Measures rollouts from the first frames of sequences.

    Args:
        model: `FramePredictor`.
        balls: `BouncingBalls` of at least `GIVEN` + `max(HORIZONS)` frames.
        threshold: see `FramePredictor.rollout`.

    Returns:
        list of dict, one per horizon, see `rows_at`.
    """
    predicted = model.rollout(balls.frames[:, :GIVEN], max(HORIZONS), threshold=threshold)
    return rows_at(predicted, balls, GIVEN, HORIZONS)


def rows_at(predicted, balls, given, horizons):
    """Compares predicted frames with the true balls.

    Args:
        predicted: array (sequences, steps, height, width), the frames after the first `given`.
        balls: `BouncingBalls`.
        given: int.
        horizons: list of int, steps of the free run from 1.

    Returns:
        list of dict, one per horizon:
            step: int, of the free run.
            centre_error: float, pixels: median over the sequences of the mean distance of matched
                balls; None if in half of the sequences a ball is missing.
            mass_drift: float, median over the sequences of |mass / true mass - 1|.
            count_right: float, share of the sequences with the true number of balls.
    """
    steps = [step - 1 for step in horizons]
    true = balls.frames[:, given:][:, steps]
    predicted, shape = predicted[:, steps], true.shape
    flat = predicted.reshape(-1, *shape[2:])
    centres = find_centres(flat, balls.radii).reshape(*shape[:2], -1, 2)
    counts = count_balls(flat, balls.radii).reshape(shape[:2])
    drift = np.abs(mass_drift(predicted, true))
    errors = distances(centres, balls.positions[:, given:][:, steps], balls.radii)
    return [
        {
            "step": step,
            "centre_error": errors[i],
            "mass_drift": float(np.median(drift[:, i])),
            "count_right": float(np.mean(counts[:, i] == len(balls.radii))),
        }
        for i, step in enumerate(horizons)
    ]


def distances(centres, true, radii):
    """Median distance of the balls from the true ones, a float or None per step.

    Args:
        centres: array (sequences, steps, balls, 2), pixels; NaN for a missing ball.
        true: array of the same shape, without NaN.
        radii: array (balls,).
    """
    errors = centre_errors(centres, true, radii).mean(axis=-1)
    medians = np.median(np.where(np.isnan(errors), np.inf, errors), axis=0)
    return [float(median) if np.isfinite(median) else None for median in medians]


def baselines(balls):
    """Rows of the baselines of a free run.

    Args:
        balls: `BouncingBalls`.

    Returns:
        dict of `copied`, the last frame repeated, with rows as those of a model, and
        `extrapolated`, straight lines through the last two true centres, with rows of `step` and
        `centre_error`.
    """
    steps = [step - 1 for step in HORIZONS]
    centres = extrapolated_centres(balls.positions[:, :GIVEN], max(HORIZONS))[:, steps]
    errors = distances(centres, balls.positions[:, GIVEN:][:, steps], balls.radii)
    pairs = zip(HORIZONS, errors, strict=True)
    copied = copied_frames(balls.frames[:, :GIVEN], max(HORIZONS))
    return {
        "copied": rows_at(copied, balls, GIVEN, HORIZONS),
        "extrapolated": [{"step": step, "centre_error": error} for step, error in pairs],
    }
