"""Reads frames from NumPy files and arrays."""

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.npy_file import read_npy
from rnnzoo.datasets.frames.axes import check_channels_last, frame_axes
from rnnzoo.datasets.frames.luminance import luminance
from rnnzoo.datasets.frames.sizes import check_size

ROUNDING = 1e-6  # tolerance below 0 and above 1, for computed frames

# Messages, of exported graphs too.
WHOLE, FLOATS = "whole numbers from 0 to 255", "floats from 0 to 1"
RANGE = "{name} has the value {value:g} at {index}: give {form}"


def array_frames(path, size=None):
    """Reads an .npy file of bool, whole numbers from 0 to 255, or floats from 0 to 1.

    Whole numbers are divided by 255 if any of them is above 1. Colours become luminance.

    Args:
        path: `pathlib.Path`; for the axes see `rnnzoo.datasets.frames.axes.frame_axes`.
        size: (height, width) that frames must have, or None.

    Returns:
        float32 array (sequences, steps, height, width), 0 to 1.

    Raises:
        InputError: it is no such file.
    """
    array = read_npy(path, f"bool, {WHOLE} or {FLOATS}")
    check_channels_last(path, array.shape)
    return checked_array(path, array, size)


def checked_array(name, array, size=None):
    """Returns the frames of an array as float32 from 0 to 1.

    Args:
        name: name of the array in messages.
        array: as `array_frames`.
        size: (height, width) that frames must have, or None.

    Returns:
        float32 array (sequences, steps, height, width), 0 to 1.

    Raises:
        InputError: it holds something else.
    """
    if array.dtype.kind not in "biuf":
        raise InputError(f"{name} holds {array.dtype}: give bool, {WHOLE} or {FLOATS}")
    axes = frame_axes(name, array.shape, size)
    check_size(name, axes.size, size)
    whole = array.dtype.kind != "f"
    most = 255 if whole else 1
    bad = ~((array >= -ROUNDING) & (array <= most + ROUNDING))  # so NaN is bad, too
    if bad.any():
        index = tuple(int(i) for i in np.unravel_index(bad.argmax(), array.shape))
        form = WHOLE if whole else FLOATS
        raise InputError(RANGE.format(name=name, value=array[index], index=index, form=form))
    frames = np.array(array, "float32").reshape(axes.shape)
    most = 255 if whole and frames.max() > 1 else 1
    frames = luminance(frames, most)
    if most > 1:
        frames /= most
    return np.clip(frames, 0, 1, out=frames)
