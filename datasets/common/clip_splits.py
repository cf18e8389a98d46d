"""Splits of clips, by group or by clip.

Clips that were cut from one video look alike. With some of them in the training set and some in the
test set the test set leaks, so groups stay together. [NB] splits clips 5:1, which is here as well,
for comparison.
"""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SPLITS, split_by_name


def split_clips(clips, by="group", first=None):
    """Splits the clips of each class by their names alone.

    A sixth of the groups or clips of each class is for the test, as in [NB]: see `split_by_name`.

    Args:
        clips: list of `rnnzoo.datasets.common.class_folders.Clip`.
        by: str, `"group"`: no group is in two splits; or `"clip"`.
        first: dict from a clip's name to that of the first one with the same content, see
            `rnnzoo.datasets.common.near_duplicates`; their groups are in one split. None for none.

    Returns:
        dict from split, `"train"`, `"validation"`, `"test"`, to list of clips in their order.

    Raises:
        InputError: no such way to split, or a class has fewer than three groups or clips.
    """
    if by not in ("group", "clip"):
        raise InputError(f"by is {by!r}: choose one of group, clip")
    first, root, side = first or {}, {}, {}
    for label in dict.fromkeys(clip.label for clip in clips):
        roots = _roots({clip.name: _unit(clip, by) for clip in clips if clip.label == label}, first)
        units = set(roots.values())
        if len(units) < len(SPLITS):
            raise InputError(
                f"the class {label!r} has {len(units)} {by}{'s' if len(units) != 1 else ''}: give "
                "at least 3, one for each split"
            )
        root |= roots
        side |= split_by_name(units)
    for name, earliest in first.items():  # of another class, perhaps
        side[root[name]] = side[root[earliest]]
    return {split: [clip for clip in clips if side[root[clip.name]] == split] for split in SPLITS}


def _roots(unit_of, first):
    """dict from the name of each clip to the first of the units that belong with its own."""
    units = {unit: unit for unit in unit_of.values()}
    for name, unit in unit_of.items():
        kept, joined = units[unit_of.get(first.get(name), unit)], units[unit]
        if kept != joined:
            units = {u: kept if other == joined else other for u, other in units.items()}
    return {name: units[unit] for name, unit in unit_of.items()}


def _unit(clip, by):
    # Without the suffix: the same clips in another container are split alike.
    own = clip.group if by == "group" else clip.name.removesuffix(clip.path.suffix)
    return f"{clip.label}/{own}"
