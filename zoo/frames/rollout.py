"""A rollout of a frame predictor beside the true frames, and its measurements."""

import sys
from dataclasses import dataclass

import numpy as np

import rnnzoo
from rnnzoo.datasets.bouncing_balls import load
from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.frames.reader import read_frames
from rnnzoo.frames.free_run import rows_at
from rnnzoo.progress import progressed
from rnnzoo.registry import info

REPORTED = (1, 2, 5, 10, 20, 30, 50, 100)  # steps that are measured, and the last one


@dataclass(frozen=True)
class Rollout:
    """A free run beside the truth.

    Args:
        rows: list of arrays (steps, height, width), the truth first if it is known.
        labels: list of str, one per row.
        measurements: list of dict, one per reported step; empty where the balls are not known.
    """

    rows: list
    labels: list
    measurements: list


def rollout(name, data=None, *, given=10, steps=50, threshold=None, seed=0):
    """Rolls a model out from newly simulated balls, or from the frames of a file.

    Reports the compilation, which takes some seconds, and the steps on standard error.

    Args:
        name: str, a frame predictor.
        data: path of frames, whose first sequence is used; None for simulated balls.
        given: int, frames that the model sees.
        steps: int, frames that it predicts.
        threshold: see `FramePredictor.rollout`.
        seed: int, of the simulated balls.

    Returns:
        `Rollout`.

    Raises:
        InputError: an argument is out of its range, or the frames cannot be used.
    """
    given, steps = whole("given", given), whole("steps", steps)
    card, balls = info(name), None
    if data is None:
        if "base" in card or "provenance" in card or "file" in card["data"]:
            raise InputError(f"{name} was trained on frames of yours: give some with --data")
        balls = load.new_balls(card["data"]["name"], 1, given + steps, seed)
        frames = balls.frames
    else:
        frames = read_frames(data, tuple(card["size"]), given)[:1]
    inputs = np.asarray(frames[:, :given], "float32")
    model = rnnzoo.load(name)
    print(f"compiling {name}: some seconds", file=sys.stderr, flush=True)
    predicted = model.rollout(inputs, steps, threshold=threshold, progress=_reported)
    true = frames[:, given : given + steps]
    reported = sorted({step for step in REPORTED if step < steps} | {steps})
    measurements = rows_at(predicted, balls, given, reported) if balls is not None else []
    rows, labels = [np.concatenate([inputs[0], predicted[0]])], ["prediction"]
    if true.shape[1] == steps:
        rows, labels = [np.concatenate([inputs[0], true[0]]), *rows], ["truth", *labels]
    return Rollout(rows, labels, measurements)


def _reported(steps):
    return progressed(steps, len(steps), "rollout", "frame")
