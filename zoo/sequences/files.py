"""Sequences from files, in the form that a classifier reads."""

import os
from pathlib import Path

import numpy as np

from rnnzoo.datasets.action3d.skeletons import parsed, without_empty_frames
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.npy_file import read_npy
from rnnzoo.datasets.common.utf8 import decoded
from rnnzoo.datasets.sequences import feature_file

# Files for each kind of classifier, in the words of messages.
FORMS = {
    "features": feature_file.FORM,
    "skeletons": "an .npy file of joints (frames, 20, 3), or a text file as those of MSR Action3D",
    "video": "a video",
}


def read_sequence(path, kind):
    """A sequence for `SequenceClassifier.classify`, from a file.

    Args:
        path: str or path: an .npy file; for features also a .csv file with a row per time step;
            for skeletons also a text file with a row `x y z confidence` for each of the 20 joints
            of each frame; for videos the video.
        kind: str, of the classifier's reader.

    Returns:
        numpy array; the path itself where it is a video.

    Raises:
        InputError: it cannot be read.
    """
    path = Path(path)
    if not os.path.isfile(path):
        raise InputError(f"{path} is no file: give {FORMS[kind]}")
    if kind == "features":
        if path.suffix.lower() not in feature_file.SUFFIXES:
            raise InputError(f"{path} is no .npy or .csv file: give {FORMS[kind]}")
        return feature_file.read_features(path)
    if path.suffix.lower() == ".npy":
        return np.array(read_npy(path, FORMS[kind]))
    if kind == "video":
        return path
    frames, _ = without_empty_frames(parsed(path, decoded(path.read_bytes(), path)))
    return frames[..., :3]
