"""Reads frames from NumPy files, GIFs and folders of images into one array."""

import os
from pathlib import Path

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.paths import check_exists
from rnnzoo.datasets.frames.arrays import array_frames, checked_array
from rnnzoo.datasets.frames.axes import frame_axes
from rnnzoo.datasets.frames.folders import folder_frames
from rnnzoo.datasets.frames.images import gif_frames

GIVE = "give an .npy file, a GIF or a folder of images"
ARRAY = "the array of frames"  # its name in messages


def read_frames(path, size=None, least=2):
    """Reads sequences of frames.

    - An .npy file: (steps, height, width) or (sequences, steps, height, width), or either with 1,
      3 or 4 channels at the end, of bool, of whole numbers from 0 to 255 (divided by 255 if any is
      above 1), or of floats from 0 to 1. A shape with two readings is refused.
    - A GIF: one sequence. The durations of frames are ignored; programs that write GIFs may join
      equal frames into a longer one, so sequences with repeated frames are better kept as images.
    - A folder of images (.png, .jpg, .jpeg, .bmp, .gif): one sequence in the natural order of
      their names, frame2 before frame10.
    - A folder of such folders, or of GIFs, with the same number of frames: one sequence each.

    Colours become luminance, transparent pixels black. Nothing is resized. Hidden files, whose
    names begin with a dot, are ignored.

    Args:
        path: str or path; or an array, as an .npy file would hold it.
        size: (height, width) in pixels that frames must have; None accepts any.
        least: int, the smallest accepted number of frames per sequence.

    Returns:
        float32 array (sequences, steps, height, width), 0 to 1.

    Raises:
        InputError: the path or a file in it cannot be used; the message names it.
    """
    if not isinstance(path, str | os.PathLike):
        return long_enough(ARRAY, checked_array(ARRAY, np.asarray(path), size), least)
    path = Path(path)
    check_exists(path, GIVE)
    if os.path.isdir(path):
        frames = folder_frames(path, size)
    elif not os.path.isfile(path):
        raise InputError(f"{path} is neither a file nor a folder: {GIVE}")
    elif path.suffix.lower() == ".npy":
        frames = array_frames(path, size)
    elif path.suffix.lower() == ".gif":
        frames = gif_frames(path, size)[None]
    else:
        raise InputError(f"{path} is of no known type: {GIVE}")
    return long_enough(path, frames, least)


def is_single(frames, size):
    """Whether an array of frames of a size has no axis of sequences.

    Raises:
        InputError: its shape is none of frames.
    """
    return frame_axes(ARRAY, np.shape(frames), size).single


def long_enough(name, frames, least):
    """Returns frames.

    Raises:
        InputError: there are fewer than `least` of a sequence.
    """
    if frames.shape[1] < least:
        frame_count = "1 frame" if frames.shape[1] == 1 else f"{frames.shape[1]} frames"
        raise InputError(f"{name} has {frame_count} per sequence: give at least {least}")
    return frames
