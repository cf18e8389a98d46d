"""Reads frames from a folder: its images are one sequence, its sub-folders or GIFs one each."""

import os

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.natural_order import natural_key
from rnnzoo.datasets.common.system_errors import reason_of
from rnnzoo.datasets.frames.images import SUFFIXES, gif_frames, image_frame, is_animation
from rnnzoo.datasets.frames.sizes import check_same


def entries(folder):
    """The entries of a folder in natural order, without hidden ones.

    Raises:
        InputError: it is empty, or cannot be read.
    """
    try:
        paths = [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError as problem:
        raise InputError(f"{folder} cannot be read: {reason_of(problem)}") from None
    if not paths:
        raise InputError(f"{folder} is empty: give a folder of images ({', '.join(SUFFIXES)})")
    return sorted(paths, key=lambda path: natural_key(path.name))


def image_sequence(paths, size=None):
    """Reads images as one sequence.

    Args:
        paths: list of `pathlib.Path`, in their order.
        size: (height, width) that they must have, or None.

    Returns:
        float32 array (steps, height, width), 0 to 1.

    Raises:
        InputError: one is no image, or of another size.
    """
    frames = []
    for path in paths:
        if not os.path.isfile(path) or path.suffix.lower() not in SUFFIXES:
            raise InputError(f"{path} is no image: a folder of frames holds {', '.join(SUFFIXES)}")
        frames.append(image_frame(path, size))
        check_same(path, frames[-1].shape, paths[0], frames[0].shape)
    return np.stack(frames)


def folder_frames(folder, size=None):
    """Reads a folder of images, or one of sub-folders of images or of GIFs, a sequence each.

    Args:
        folder: `pathlib.Path`.
        size: (height, width) that frames must have, or None.

    Returns:
        float32 array (sequences, steps, height, width), 0 to 1, in the natural order of names.

    Raises:
        InputError: a file in it cannot be used, or sequences differ in length or size.
    """
    paths = entries(folder)
    several = [path for path in paths if os.path.isdir(path) or is_animation(path)]
    if not several:
        return image_sequence(paths, size)[None]
    sequences = []
    for path in paths:
        if path not in several:
            raise InputError(
                f"{folder} holds {several[0].name}, a sequence, and {path.name}, which is none: "
                "give either images or sequences"
            )
        inside = os.path.isdir(path)
        frames = image_sequence(entries(path), size) if inside else gif_frames(path, size)
        sequences.append(frames)
        check_same(path, frames.shape[1:], paths[0], sequences[0].shape[1:])
        if len(frames) != len(sequences[0]):
            raise InputError(
                f"{path} has {len(frames)} frames and {paths[0]} has {len(sequences[0])}: "
                "give the same number in each"
            )
    return np.stack(sequences)
