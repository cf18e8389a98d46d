"""Splits of clips, by group or by clip.

Clips that were cut from one video look alike. With some of them in the training set and some in the
test set the test set leaks, so groups stay together. [NB] splits clips 5:1, which is here as well,
for comparison.
"""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SPLITS, split_by_name


def split_clips(clips, by="group"):
    """Splits the clips of each class by their names alone.

    A sixth of the groups or clips of each class is for the test, as in [NB]: see `split_by_name`.

    Args:
        clips: list of `rnnzoo.datasets.common.class_folders.Clip`.
        by: str, `"group"`: no group is in two splits; or `"clip"`.

    Returns:
        dict from split, `"train"`, `"validation"`, `"test"`, to list of clips in their order.

    Raises:
        InputError: no such way to split, or a class has fewer than three groups or clips.
    """
    if by not in ("group", "clip"):
        raise InputError(f"by is {by!r}: choose one of group, clip")
    split_of = {}
    for label in dict.fromkeys(clip.label for clip in clips):
        units = {_unit(clip, by) for clip in clips if clip.label == label}
        if len(units) < len(SPLITS):
            raise InputError(
                f"the class {label!r} has {len(units)} {by}{'s' if len(units) != 1 else ''}: give "
                "at least 3, one for each split"
            )
        split_of |= split_by_name(units)
    return {
        split: [clip for clip in clips if split_of[_unit(clip, by)] == split] for split in SPLITS
    }


def _unit(clip, by):
    # Without the suffix: the same clips in another container are split alike.
    own = clip.group if by == "group" else clip.name.removesuffix(clip.path.suffix)
    return f"{clip.label}/{own}"
