"""Lists a folder with one sub-folder per class, without opening any file."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.natural_order import natural_key
from rnnzoo.datasets.common.nested_files import nested_files

# Names of known data sets that tell which video a clip was cut from: UCF-11 v_shooting_01_02,
# UCF-50 and UCF-101 v_Basketball_g01_c02, each the second clip of the first group of videos;
# HMDB-51 TrumanShow_wave_f_nm_np1_fr_med_26, the 26th of a film.
_GROUPED = (
    re.compile(r"(v_.+_g?\d+)_c?\d+"),
    re.compile(r"(.+)_[fhlu]_[cn]m_np\d_(?:fr|ba|le|ri)_(?:goo|med|bad)_\d+"),
)


@dataclass(frozen=True)
class Clip:
    """One file: a video, or a sequence in another form.

    Args:
        name: str, its path below the folder, with `/`, which splits and messages use.
        path: `pathlib.Path`.
        label: str, its class: the name of the sub-folder.
        group: str, what clips have in common that were cut from the same or from related videos,
            such as `v_shooting_01`; where its name does not tell, its own name without the suffix.
    """

    name: str
    path: Path
    label: str
    group: str


def labelled_files(folder, suffixes, kind):
    """The files of a folder with one sub-folder per class, in natural order, and its classes.

    A class is a sub-folder with such files in it, at any depth. Files with another suffix, and
    what is hidden, are passed over. A folder that only wraps the one with the classes, as archives
    have it, is looked through.

    Args:
        folder: str or path.
        suffixes: tuple of str, lower case: `(".npy",)`.
        kind: str, what messages call the files: `"videos"`.

    Returns:
        (list of `Clip`, list of str, the classes in order).

    Raises:
        InputError: it is no folder, or has such files of fewer than two classes.
    """
    folder = Path(folder)
    if not os.path.isdir(folder):
        raise InputError(f"{folder} is no folder: give one with a sub-folder of {kind} per class")
    by_class = {}
    for child in _folders(folder):
        paths = nested_files(child, suffixes)
        if paths:
            by_class[child.name] = [_clip(path, folder, child.name) for path in paths]
    if len(by_class) == 1 and len(inner := _folders(folder / next(iter(by_class)))) > 1:
        if sum(bool(nested_files(child, suffixes)) for child in inner) > 1:
            return labelled_files(folder / next(iter(by_class)), suffixes, kind)
    if len(by_class) < 2:
        only = next(iter(by_class), None)
        has = f"no sub-folder with {kind}" if only is None else f"{kind} of one class, {only}"
        raise InputError(
            f"{folder} has {has}: give a folder with a sub-folder of {kind} "
            f"({', '.join(suffixes)}) for each of two classes or more"
        )
    return [clip for clips in by_class.values() for clip in clips], list(by_class)


def group_of(stem):
    """The group that the name of a clip tells, or None.

    Example:

    >>> group_of("v_shooting_01_02"), group_of("v_Basketball_g01_c02"), group_of("holiday_2_3")
    ('v_shooting_01', 'v_Basketball_g01', None)
    """
    matches = [match for match in (known.fullmatch(stem) for known in _GROUPED) if match]
    return matches[0][1] if matches else None


def _clip(path, folder, label):
    name = path.relative_to(folder)
    return Clip(
        name.as_posix(), path, label, group_of(path.stem) or name.with_suffix("").as_posix()
    )


def _folders(folder):
    folders = [p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")]
    return sorted(folders, key=lambda path: natural_key(path.name))
