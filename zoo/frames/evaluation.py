"""Evaluates frame models and the baselines beside them, on the same frames."""

import numpy as np

from rnnzoo.baselines.frames import copied_frames, extrapolated_centres
from rnnzoo.datasets.bouncing_balls import load
from rnnzoo.datasets.bouncing_balls.rendering import RENDERINGS, rendered
from rnnzoo.datasets.common.splits import EVALUATED
from rnnzoo.evaluation import Evaluation
from rnnzoo.frames.free_run import GIVEN, HORIZONS, baselines, free_run

BATCH = 50


def evaluate(models, data, recipe):
    """Figures of models and baselines; a model has to be better than a copy of the last frame.

    Args:
        models: dict from seed (str) to `FramePredictor`, the shipped one first.
        data: `FrameData`. Where its balls are known, rollouts from the test split are evaluated.
        recipe: dict with `also`, names of further balls whose test split rollouts are evaluated
            on; None for a fine-tuned model, of which no rollouts are evaluated.

    Returns:
        `Evaluation`.
    """
    copied = {split: copied_error(data.frames[split]) for split in EVALUATED}
    references, metrics = {"copied": copied}, {}
    if data.balls:
        straight = {split: extrapolated_error(data.balls[split]) for split in EVALUATED}
        references["extrapolated"] = straight
        if recipe:
            others = {name: load.load_bouncing_balls(name, "test") for name in recipe["also"]}
            metrics["free_run"] = free_runs(models, {data.name: data.balls["test"], **others})
    return Evaluation(
        figures={
            seed: {split: squared_error(model, data.frames[split]) for split in EVALUATED}
            for seed, model in models.items()
        },
        checks=[("a copy of the last frame", copied["validation"], copied["validation"])],
        baselines=references,
        metrics=metrics,
    )


def free_runs(models, evaluated):
    """Free runs of models, and what they have to be better than.

    Args:
        models: dict from seed to `FramePredictor`.
        evaluated: dict from name to `BouncingBalls`; those of too few frames are left out.

    Returns:
        dict from name to dict of `by_seed` and `baselines`, see `free_run`.
    """
    return {
        name: {
            "by_seed": {seed: free_run(model, balls) for seed, model in models.items()},
            "baselines": baselines(balls),
        }
        for name, balls in evaluated.items()
        if balls.frames.shape[1] >= GIVEN + max(HORIZONS)
    }


def squared_error(model, frames):
    """Mean over all frames but the first of the squared error, summed over a frame's pixels.

    Each is predicted from all those before it in its sequence. [TH] 7.1 does not say what its MSE
    sums or averages; of the sizes that the mean can have, only this one is near its figures.

    Args:
        model: `FramePredictor`.
        frames: array (sequences, steps, height, width).

    Returns:
        float.
    """
    return float(frame_errors(model, frames).mean())


def frame_errors(model, frames):
    """The errors whose mean is `squared_error`: float64 array (sequences, steps - 1)."""
    errors = []
    for start in range(0, len(frames), BATCH):
        batch = frames[start : start + BATCH].astype("float32")
        # Not predict: it would trace the model again for every new shape.
        predicted = np.asarray(model(batch[:, :-1], training=False), "float64")
        errors.append(np.square(predicted - batch[:, 1:]).sum(axis=(2, 3)))
    return np.concatenate(errors)


def copied_error(frames):
    """The squared error of a copy of the last frame, as `squared_error`."""
    return float(copied_errors(frames).mean())


def copied_errors(frames):
    """The errors of a copy of the last frame, as `frame_errors`."""
    frames = frames.astype("float64")
    return np.square(frames[:, 1:] - frames[:, :-1]).sum(axis=(2, 3))


def extrapolated_error(balls):
    """The squared error of balls drawn where a straight line from their last two positions ends.

    The second frame, with only one before it, is a copy of the first.

    Args:
        balls: `BouncingBalls`.
    """
    frames = balls.frames.astype("float64")
    rendering = RENDERINGS["binary" if balls.frames.dtype == np.uint8 else "antialiased"]
    x = balls.positions
    pairs = np.stack([x[:, :-2], x[:, 1:-1]], axis=2).reshape(-1, 2, *x.shape[2:])
    centres = extrapolated_centres(pairs, 1).reshape(len(x), -1, *x.shape[2:])
    drawn = rendered(rendering, centres, balls.radii, frames.shape[2:])
    drawn = np.concatenate([copied_frames(frames[:, :1], 1), drawn], axis=1)
    return float(np.square(drawn - frames[:, 1:]).sum(axis=(2, 3)).mean())
