"""The examples of the frame family: a sequence of frames, and the balls in it if known."""

import numpy as np

from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core.examples import Feature

# Features of the balls of a simulated sequence: per frame, and the same in all frames.
MOVING, FIXED = ("positions", "velocities"), ("radii", "masses")

# In a user's sequence the arrays of the balls are empty. float32 resolves a millionth of a pixel.
FEATURES = {name: Feature("float32", None) for name in ("frames", *MOVING, *FIXED)}


def with_balls(balls):
    """Yields an example per sequence.

    Args:
        balls: `BouncingBalls`.
    """
    fixed = {name: getattr(balls, name) for name in FIXED}
    for i, frames in enumerate(balls.frames):
        yield {"frames": frames, **{name: getattr(balls, name)[i] for name in MOVING}, **fixed}


def without_balls(frames):
    """Yields an example per sequence.

    Args:
        frames: array (sequences, steps, height, width).
    """
    track = np.zeros((frames.shape[1], 0, 2))
    empty = {**dict.fromkeys(MOVING, track), **dict.fromkeys(FIXED, np.zeros(0))}
    for sequence in frames:
        yield {"frames": sequence, **empty}


def compact(frames):
    """Binary frames as uint8, in a quarter of the memory; others as they are."""
    return frames.astype("uint8") if ((frames == 0) | (frames == 1)).all() else frames


def stacked(read):
    """Yields (`train-frames`, array (sequences, steps, height, width)), ..., per split and feature.

    All sequences have the same radii and masses: `train-radii` and `train-masses` are of the first.

    Args:
        read: function from a split to an iterator over its examples.
    """
    for split in SPLITS:
        frames, examples = [], []
        for example in read(split):
            frames.append(compact(example.pop("frames")))
            examples.append(example)
        # If a split has other sequences too, binary ones become float32.
        yield f"{split}-frames", np.stack(frames)
        for name in MOVING:
            yield f"{split}-{name}", np.stack([example[name] for example in examples])
        for name in FIXED:
            yield f"{split}-{name}", examples[0][name]


def balls_of(transformed, frames):
    """dict from split to `BouncingBalls`, from the arrays of `stacked`; empty for a user's frames.

    Args:
        transformed: `rnnzoo.pipelines.core.transformed.Transformed`.
        frames: dict from split to array.
    """
    from rnnzoo.datasets.bouncing_balls.simulator import BouncingBalls

    balls = {}
    for split in SPLITS:
        truth = {name: transformed.array(f"{split}-{name}") for name in (*MOVING, *FIXED)}
        if len(truth["radii"]):
            exact = {name: array.astype("float64") for name, array in truth.items()}
            balls[split] = BouncingBalls(frames[split], **exact)
    return balls
