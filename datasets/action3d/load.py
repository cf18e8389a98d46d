"""The prepared skeletons, as arrays."""

from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.action3d.skeletons import ACTIONS, SUBJECTS
from rnnzoo.datasets.action3d.sources import SOURCES
from rnnzoo.datasets.common.prepare import numpy_examples, prepared
from rnnzoo.datasets.common.splits import SPLITS, check_split
from rnnzoo.datasets.sequences.labelled import Labelled


@dataclass(frozen=True)
class Action3D:
    """Performances in the order of their names.

    Args:
        names: list of str, `a01_s01_e01`: action, subject, episode.
        joints: list of float64 arrays (frames, 20, 3), metres, without empty frames.
        confidence: list of float64 arrays (frames, 20), 0 to 1.
        action: int array, 0 to 19, see `skeletons.ACTIONS`.
        subject: int array, 1 to 10.
        dropped_frames: int array, empty frames that were dropped.
    """

    names: list
    joints: list
    confidence: list
    action: np.ndarray
    subject: np.ndarray
    dropped_frames: np.ndarray


def source():
    """The `Source` of the published skeletons."""
    return SOURCES["action3d"]


def load_labelled(path=None):
    """Reads skeletons as labelled sequences, split by subject.

    Args:
        path: see `load_action3d`.

    Returns:
        dict from split to `Labelled`, joints (frames, 20, 3).

    Raises:
        InputError: the files cannot be had, are not skeletons, or a split has none.
    """
    return {split: labelled(load_action3d(split, path)) for split in SPLITS}


def labelled(data):
    """The `Labelled` of an `Action3D`."""
    joints = [np.asarray(frames, "float32") for frames in data.joints]
    return Labelled(list(data.names), joints, [ACTIONS[action] for action in data.action])


def load_action3d(split, path=None, left_out=False):
    """Prepares the data with TFDS where that is not done yet, and reads a split.

    Args:
        split: str, `"train"` (subjects 1, 3, 5), `"validation"` (7, 9), `"test"` (2, 4, 6, 8,
            10), or several joined with `+`: `"train+validation"` is the published training set.
        path: of a folder or archive (.tar.gz, .zip) with files `aXX_sXX_eXX_skeleton3D.txt`; None
            for the published ones.
        left_out: bool; also the ten sequences that published results leave out, except one
            without a single frame.

    Returns:
        `Action3D`.

    Raises:
        InputError: no such split; or the files cannot be had, are not skeletons, or a split has
            none.
    """
    from rnnzoo.datasets.action3d.action3d_dataset_builder import (
        PUBLISHED,
        Action3DConfig,
        Builder,
    )

    check_split(split, SUBJECTS)
    config = PUBLISHED if path is None else Action3DConfig.of_path(path)
    examples = numpy_examples(prepared(Builder, config), split)
    examples = [
        example
        for example in sorted(examples, key=lambda example: example["name"])
        if len(example["joints"]) and (left_out or not example["left_out"])
    ]

    def column(name):
        return np.array([example[name] for example in examples], int)

    return Action3D(
        names=[example["name"].decode() for example in examples],
        joints=[example["joints"] for example in examples],
        confidence=[example["confidence"] for example in examples],
        action=column("action"),
        subject=column("subject"),
        dropped_frames=column("dropped_frames"),
    )
