"""The clips of UCF-11: videos, strips of frames, or both."""

import dataclasses
import re
import sys

from rnnzoo.datasets.common.class_folders import labelled_files
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import data_dir
from rnnzoo.datasets.common.source import verified_path
from rnnzoo.datasets.ucf11.sources import PART, SOURCES
from rnnzoo.datasets.video.archive import video_folder
from rnnzoo.datasets.video.folder import video_clips
from rnnzoo.datasets.video.strip import SUFFIXES

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

FORMS = ("videos", "strips", "both")

_ORDER = re.compile(r"\d{1,6}(\.\d{1,6})?", re.ASCII)
_NUMBERS = re.compile(r"v_.+_(\d+)_(\d+)")


def ucf11_clips(path=None, form="both"):
    """The clips of UCF-11, none of them opened; missing classes are named on standard error.

    Args:
        path: str or path of a folder or an archive (.zip, .tar.gz) with the layout
            `class/v_class_gg/v_class_gg_cc.mpg` or `.avi`; or of a folder, not an archive, with
            sub-folders `videos` of that layout, and `strips`, of `class/order.jpeg`. None for the
            folder `PART` of `RNNZOO_DATA_DIR`, or the published archive where there is none.
        form: str, of a folder with both: `"videos"`, `"strips"` or `"both"`.

    Returns:
        list of `rnnzoo.datasets.common.class_folders.Clip`, in the order of classes, groups and
        clips, strips after videos.

    Raises:
        InputError: it cannot be had or unpacked, a class is unknown, or a clip's name does not tell
            its group, or the order of a strip.
    """
    if form not in FORMS:
        raise InputError(f"form is {form!r}: choose one of {', '.join(FORMS)}")
    folder = video_folder(path or part_folder() or verified_path(SOURCES["ucf11"]))
    clips = []
    if form != "strips" and not (folder / "strips").is_dir():
        clips += video_clips(folder)[0]
    elif form != "strips" and (folder / "videos").is_dir():
        clips += video_clips(folder / "videos")[0]
    if form != "videos" and (folder / "strips").is_dir():
        clips += _strips(folder / "strips")
    if not clips:
        raise InputError(f"{folder} has no {form}: give a folder of UCF-11")
    _check_classes(folder, {clip.label for clip in clips})
    for clip in clips:
        (order if is_strip(clip) else numbers)(clip)
    return clips


def numbers(clip):
    """(group, clip) of a video, each counted from 1 as in its name.

    Raises:
        InputError: its name does not tell.
    """
    match = _NUMBERS.fullmatch(clip.path.stem)
    if not match:
        raise InputError(f"{clip.name}: expected a name like v_shooting_01_02.mpg")
    return int(match[1]), int(match[2])


def order(clip):
    """The order of a strip among those of its class, float: groups follow one another in it.

    Raises:
        InputError: its name does not tell.
    """
    if not _ORDER.fullmatch(clip.path.stem):
        raise InputError(f"{clip.name}: expected the name of a strip like 005.5.jpeg")
    return float(clip.path.stem)


def is_strip(clip):
    """Whether a clip is a strip."""
    return clip.path.suffix.lower() in SUFFIXES


def _strips(folder):
    clips = labelled_files(folder, SUFFIXES, "strips")[0]
    return [dataclasses.replace(clip, name=f"strips/{clip.name}") for clip in clips]


def _check_classes(path, classes):
    if unknown := sorted(classes - {*CLASSES}):
        raise InputError(
            f"{path} also has {', '.join(unknown)}: UCF-11 has the folders {', '.join(CLASSES)}"
        )
    if missing := [name for name in CLASSES if name not in classes]:
        number = f"{len(classes)} of {len(CLASSES)}"
        print(f"UCF-11 without {', '.join(missing)}: {number} classes", file=sys.stderr)


def part_folder():
    """The folder of a part of the data set in `RNNZOO_DATA_DIR`, or None."""
    folder = data_dir()
    return folder / PART if folder is not None and (folder / PART).is_dir() else None
