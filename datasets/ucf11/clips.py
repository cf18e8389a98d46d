"""The clips of UCF-11 and their splits."""

import re

from rnnzoo.datasets.common.clip_splits import split_clips
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.source import verified_path
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.ucf11.sources import SOURCES
from rnnzoo.datasets.video.archive import video_folder
from rnnzoo.datasets.video.folder import video_clips

# The names of the folders; [NB] counts diving, the third, as the third too.
CLASSES = (
    "basketball",
    "biking",
    "diving",
    "golf_swing",
    "horse_riding",
    "soccer_juggling",
    "swing",
    "tennis_swing",
    "trampoline_jumping",
    "volleyball_spiking",
    "walking",
)

# Each class has 25 groups of four clips or more; those of a group share actor, place or video.
GROUPS = {"train": range(1, 19), "validation": range(19, 22), "test": range(22, 26)}

_NUMBERS = re.compile(r"v_.+_(\d+)_(\d+)")


def ucf11_clips(path=None):
    """The clips of UCF-11, none of them opened.

    Args:
        path: str or path of a folder or an archive (.zip, .tar.gz) with the layout
            `class/v_class_gg/v_class_gg_cc.mpg` or `.avi`; None for the published archive.

    Returns:
        list of `rnnzoo.datasets.common.class_folders.Clip`, in the order of classes, groups and
        clips.

    Raises:
        InputError: it cannot be had or unpacked, a class is missing or unknown, or a clip's name
            does not tell its group.
    """
    if path is None:
        path = verified_path(SOURCES["ucf11"])
    clips, classes = video_clips(video_folder(path))
    missing, unknown = sorted({*CLASSES} - {*classes}), sorted({*classes} - {*CLASSES})
    if missing or unknown:
        has = (
            f"has no videos of {', '.join(missing)}"
            if missing
            else "also has " + ", ".join(unknown)
        )
        raise InputError(f"{path} {has}: UCF-11 has the folders {', '.join(CLASSES)}")
    for clip in clips:
        numbers(clip)
    return clips


def numbers(clip):
    """(group, clip) of a clip, each counted from 1 as in its name.

    Raises:
        InputError: its name does not tell.
    """
    match = _NUMBERS.fullmatch(clip.path.stem)
    if not match:
        raise InputError(f"{clip.name}: expected a name like v_shooting_01_02.mpg")
    return int(match[1]), int(match[2])


def split_ucf11(clips, by="group", groups=GROUPS):
    """Splits clips of UCF-11.

    Args:
        clips: list of `rnnzoo.datasets.common.class_folders.Clip`.
        by: str, `"group"`: of every class the groups 1 to 18 for training, 19 to 21 for validation,
            22 to 25 for test; or `"clip"`: clips 5:1 as [NB], where clips of a group leak from one
            split to another.
        groups: dict from split to group numbers, for `"group"`; to leave each group out in turn,
            for example.

    Returns:
        dict from split to list of clips.

    Raises:
        InputError: no such way to split.
    """
    if by == "group":
        split_of = {number: split for split in SPLITS for number in groups.get(split, ())}
        sides = [split_of.get(numbers(clip)[0]) for clip in clips]
        return {
            split: [clip for clip, side in zip(clips, sides, strict=True) if side == split]
            for split in SPLITS
        }
    return split_clips(clips, by)
