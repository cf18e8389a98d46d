"""Judges a frame model and the baselines beside it, on the same frames."""

import numpy as np

from rnnzoo.baselines.frames import copied_frames, extrapolated_centres
from rnnzoo.datasets.bouncing_balls.rendering import RENDERINGS, rendered

UNIT = "squared error a frame"  # summed over its pixels
SPLITS = ("validation", "test")
BATCH = 50


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
    total = 0.0
    for at in range(0, len(frames), BATCH):
        some = frames[at : at + BATCH].astype("float32")
        # Not predict: it would trace the model anew for every new shape.
        predicted = np.asarray(model(some[:, :-1], training=False), "float64")
        total += float(np.square(predicted - some[:, 1:]).sum())
    return total / (len(frames) * (frames.shape[1] - 1))


def copied_error(frames):
    """The same of copying the last frame."""
    pairs = frames.astype("float64")
    return float(np.square(pairs[:, 1:] - pairs[:, :-1]).sum(axis=(2, 3)).mean())


def extrapolated_error(balls):
    """The same of drawing each ball where a straight line from its last two true places ends.

    The second frame, with only one before it, is a copy of the first.
    """
    frames = balls.frames.astype("float64")
    rendering = RENDERINGS["binary" if balls.frames.dtype == np.uint8 else "antialiased"]
    x = balls.positions
    pairs = np.stack([x[:, :-2], x[:, 1:-1]], axis=2).reshape(-1, 2, *x.shape[2:])
    centres = extrapolated_centres(pairs, 1).reshape(len(x), -1, *x.shape[2:])
    drawn = rendered(rendering, centres, balls.radii, frames.shape[2:])
    drawn = np.concatenate([copied_frames(frames[:, :1], 1), drawn], axis=1)
    return float(np.square(drawn - frames[:, 1:]).sum(axis=(2, 3)).mean())
