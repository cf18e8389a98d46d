"""Splits of a user's frames: whole sequences, or stretches of time where there are few."""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import split_by_position

# Smallest number of sequences of which whole ones are held out: 5% of fewer are none.
ENOUGH = 20

# Frames that each part of a sequence needs: one as input and one to predict.
LEAST = 2


def split_frames(frames):
    """Splits frames in their order: 90% training, 5% validation, 5% test.

    Args:
        frames: array (sequences, steps, height, width).

    Returns:
        dict from split to array: whole sequences if there are 20 or more; else of every sequence
        its first 90%, the next 5% and the last 5% of the steps.

    Raises:
        InputError: the sequences are too few and too short.
    """
    if len(frames) >= ENOUGH:
        return split_by_position(frames)
    parts = split_by_position(frames.swapaxes(0, 1))
    if min(len(part) for part in parts.values()) < LEAST:
        needed = next(n for n in range(1, 1000) if _shortest(n) >= LEAST)
        raise InputError(
            f"{len(frames)} sequences of {frames.shape[1]} frames are too few for the splits: give "
            f"{ENOUGH} sequences or {needed} frames of each"
        )
    return {split: part.swapaxes(0, 1) for split, part in parts.items()}


def _shortest(steps):
    return min(len(part) for part in split_by_position(range(steps)).values())
