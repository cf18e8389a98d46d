"""Frames that a model is given, checked and in one form."""

import os

import numpy as np

from rnnzoo.datasets.errors import InputError


def some_frames(frames, size, least):
    """Frames as a model of a size takes them.

    Args:
        frames: array (sequences, steps, height, width), 0 to 1, or a path.
        size: pair (height, width).
        least: int, steps that there must be.
    """
    if isinstance(frames, str | os.PathLike):
        from rnnzoo.datasets.frame_files import read_frames

        return read_frames(frames, size)
    frames = np.asarray(frames)
    if (
        frames.ndim != 4
        or frames.shape[2:] != tuple(size)
        or frames.shape[1] < least
        or not len(frames)
    ):
        raise InputError(
            f"frames have shape {frames.shape}: give (sequences, steps, {size[0]}, {size[1]}), "
            f"{least} steps or more"
        )
    return frames
