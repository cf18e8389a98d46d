"""Parses one skeleton file: its name and its rows."""

import contextlib
import re

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.numbers import number_of

ACTIONS = (
    "high arm wave",
    "horizontal arm wave",
    "hammer",
    "hand catch",
    "forward punch",
    "high throw",
    "draw x",
    "draw tick",
    "draw circle",
    "hand clap",
    "two hand wave",
    "side-boxing",
    "bend",
    "forward kick",
    "side kick",
    "jogging",
    "tennis swing",
    "tennis serve",
    "golf swing",
    "pick up & throw",
)
JOINTS, COLUMNS = 20, 4
FORM = f"give a row of numbers, x y z confidence, for each of the {JOINTS} joints of each frame"

# Joints by their row in a frame.
NECK, HIPS = 2, 6

# Joints of one side with those of the other: shoulders, hips, elbows, wrists, hands, knees, ankles,
# feet. A person who faces the camera has the first of each at the smaller x.
SIDES = ((0, 1), (4, 5), (7, 8), (9, 10), (11, 12), (13, 14), (15, 16), (17, 18))

# (joint, the joint that it hangs on), from the hips outward.
BONES = (
    (3, 6), (2, 3), (19, 2), (0, 2), (1, 2), (7, 0), (8, 1), (9, 7), (10, 8), (11, 9), (12, 10),
    (4, 6), (5, 6), (13, 4), (14, 5), (15, 13), (16, 14), (17, 15), (18, 16),
)  # fmt: skip

# The ten sequences that published results leave out, as the publisher's list has it: their
# skeletons are missing or badly wrong.
LEFT_OUT = frozenset(
    "a02_s03_e02 a04_s03_e01 a07_s04_e01 a13_s09_e01 a13_s09_e02 "
    "a13_s09_e03 a14_s03_e01 a20_s07_e01 a20_s07_e03 a20_s10_e03".split()
)

# Who is trained on and who is tested on in the cross-subject protocol; subjects 7 and 9 are
# held back for choices.
SUBJECTS = {"train": (1, 3, 5), "validation": (7, 9), "test": (2, 4, 6, 8, 10)}


def numbers(name):
    """(action, subject, episode) of a file, each counted from 1 as in its name.

    Raises:
        InputError: there is no such action or subject.
    """
    action, subject, episode = map(int, re.findall(r"\d\d", name)[:3])
    if not (1 <= action <= len(ACTIONS) and 1 <= subject <= 10):
        raise InputError(f"{name}: expected actions 01 to 20 and subjects 01 to 10")
    return action, subject, episode


def parsed(name, text):
    """Every number of a file, exactly.

    Args:
        name: of the file, for messages.
        text: str, a row `x y z confidence` for each of the 20 joints of each frame.

    Returns:
        float64 array (frames, 20, 4); metres, and the confidence between 0 and 1.

    Raises:
        InputError: a row is no four finite numbers, or the last frame is not whole.
    """
    rows = [line.split() for line in text.splitlines() if line.strip()]
    for number, row in enumerate(rows, 1):
        if len(row) != COLUMNS:
            raise InputError(f"{name}, row {number} is {shown(' '.join(row))}: {FORM}")
    if not rows or len(rows) % JOINTS:
        raise InputError(f"{name} has {len(rows)} rows, which are no multiple of {JOINTS}: {FORM}")
    values = None
    if "_" not in text:  # which float reads as nothing
        with contextlib.suppress(ValueError):
            values = np.array(rows, "float64")
    if values is None:
        wrong = next(cell for row in rows for cell in row if number_of(cell) is None)
        raise InputError(f"{name} has {shown(wrong)}, which is no number: {FORM}")
    if not np.isfinite(values).all():
        raise InputError(f"{name} has values that are not finite")
    return values.reshape(-1, JOINTS, COLUMNS)


def without_empty_frames(frames):
    """Drops frames without a person: all joints at the origin.

    Args:
        frames: array (frames, 20, 4).

    Returns:
        (array (remaining frames, 20, 4), int number of dropped frames).
    """
    seen = np.any(frames[..., :3] != 0, axis=(1, 2))
    return frames[seen], int(np.sum(~seen))
