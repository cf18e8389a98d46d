"""One rollout to look at, and what can be measured of it."""

from dataclasses import dataclass

import numpy as np

import rnnzoo
from rnnzoo.datasets.bouncing_balls.load import new_balls
from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.frames.reader import read_frames
from rnnzoo.pipelines.families.frames.free_run import rows_at
from rnnzoo.registry import info


@dataclass(frozen=True)
class Rollout:
    """A free run beside the truth.

    Args:
        rows: list of arrays (steps, height, width), truth first if there is any.
        labels: list of str, one a row.
        measured: list of dict, one a step that is reported; empty where the truth is not known.
    """

    rows: list
    labels: list
    measured: list


def shown(name, data=None, *, given=10, steps=50, threshold=None, seed=0):
    """Rolls a model out from simulated balls that it has never seen, or from frames of a file.

    Args:
        name: str, a frame model.
        data: path of frames, whose first sequence is gone on from; None for balls.
        given: int, frames that the model sees.
        steps: int, frames that it predicts.
        threshold: see `FramePredictor.rollout`.
        seed: int, which balls.

    Returns:
        `Rollout`.

    Raises:
        InputError: an argument is out of its range, or the frames cannot be used.
    """
    given, steps = whole("given", given), whole("steps", steps)
    card, balls = info(name), None
    if data is None:
        if card.get("base") or "file" in card["data"]:
            raise InputError(f"{name} learned from frames of yours: give some with --data")
        balls = new_balls(card["data"]["name"], 1, given + steps, seed)
        frames = balls.frames
    else:
        frames = read_frames(data, tuple(card["size"]), given)[:1]
    model = rnnzoo.load(name)
    seen = np.asarray(frames[:, :given], "float32")
    made = model.rollout(seen, steps, threshold=threshold)
    true = frames[:, given : given + steps]
    measured = rows_at(made, balls, given, _reported(steps)) if balls is not None else []
    before = seen[0]
    rows = [np.concatenate([before, made[0]])]
    labels = ["prediction"]
    if true.shape[1] == steps:
        rows, labels = [np.concatenate([before, true[0]]), *rows], ["truth", *labels]
    return Rollout(rows, labels, measured)


def _reported(steps):
    return sorted({step for step in (1, 2, 5, 10, 20, 30, 50, 100) if step < steps} | {steps})
