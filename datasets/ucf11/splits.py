"""Splits of UCF-11 by group, by clip, and with each group left out in turn."""

from rnnzoo.datasets.common.clip_splits import split_clips
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.ucf11.clips import is_strip, numbers, order

# Each class has 25 groups of four clips or more; those of a group share actor, background or video.
GROUPS = {"train": range(1, 19), "validation": range(19, 22), "test": range(22, 26)}

# Of strips alone: the parts for training and validation. They do not tell their groups, so at each
# border of two splits the nearest four of a class are left out; a group of more can be in both.
BORDERS, NEAR = (0.6, 0.8), 4


def split_ucf11(clips, by="group", groups=None):
    """Splits clips of UCF-11.

    Args:
        clips: list of `rnnzoo.datasets.common.class_folders.Clip`.
        by: str, `"group"`: no group of videos is in two splits, see `groups`; or `"clip"`: clips
            5:1 as [NB], where clips of a group leak from one split to another.
        groups: dict from split to group numbers, for `"group"`. None for those of `GROUPS`; or, of
            a part of the data set without the last groups, the last one at hand for test, the one
            before for validation and all others for training.

    Returns:
        dict from split to list of clips. By group, strips beside videos are for training, as they
        are of other groups; strips alone are split by their order, see `BORDERS`.

    Raises:
        InputError: no such way to split, or too few groups or strips.
    """
    if by != "group":
        return split_clips(clips, by)
    videos = [clip for clip in clips if not is_strip(clip)]
    strips = [clip for clip in clips if is_strip(clip)]
    if not videos:
        return _by_order(strips)
    groups = groups or groups_at_hand(videos)
    split_of = {number: split for split in SPLITS for number in groups.get(split, ())}
    parts = {split: [] for split in SPLITS}
    for clip in videos:
        if (split := split_of.get(numbers(clip)[0])) is not None:
            parts[split].append(clip)
    parts["train"] += strips
    return parts


def groups_at_hand(videos):
    """`GROUPS`, or those of a part of the data set, see `split_ucf11`.

    Args:
        videos: list of `Clip`.

    Raises:
        InputError: fewer than three groups.
    """
    present = _groups(videos)
    if all(any(number in numbers for number in present) for numbers in GROUPS.values()):
        return GROUPS
    *train, validation, test = present
    return {"train": train, "validation": [validation], "test": [test]}


def leave_one_group_out(clips):
    """The protocol of the data set: each group of videos is held out once.

    Args:
        clips: list of `Clip`.

    Yields:
        (int, the group that is held out; dict from split to list of clips): `test` has that group,
        `validation` the one before it (the last one before the first), `train` all others, and the
        strips.

    Raises:
        InputError: fewer than three groups.
    """
    present = _groups(clip for clip in clips if not is_strip(clip))
    for i, group in enumerate(present):
        before = present[i - 1]
        others = [number for number in present if number not in (group, before)]
        groups = {"train": others, "validation": [before], "test": [group]}
        yield group, split_ucf11(clips, groups=groups)


def _groups(videos):
    """The numbers of the groups of videos, three or more, in order."""
    present = sorted({numbers(clip)[0] for clip in videos})
    if len(present) < len(SPLITS):
        raise InputError(f"UCF-11 has {len(present)} groups here: give at least {len(SPLITS)}")
    return present


def _by_order(strips):
    """Strips by their order within each class."""
    parts = {split: [] for split in SPLITS}
    for label in dict.fromkeys(clip.label for clip in strips):
        ordered = sorted((clip for clip in strips if clip.label == label), key=order)
        first, second = (round(border * len(ordered)) for border in BORDERS)
        rows = {
            "train": ordered[: max(0, first - NEAR // 2)],
            "validation": ordered[first + NEAR // 2 : second - NEAR // 2],
            "test": ordered[second + NEAR // 2 :],
        }
        if not all(rows.values()):
            raise InputError(
                f"UCF-11 has {len(ordered)} strips of {label} here: give at least 22 of a class, "
                "or videos too"
            )
        for split, clips in rows.items():
            parts[split] += clips
    return parts
