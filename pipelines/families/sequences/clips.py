"""Clips of videos on their way to labelled sequences of features."""

import sys

from rnnzoo.datasets.ucf11.clips import split_ucf11, ucf11_clips
from rnnzoo.datasets.video.archive import video_folder
from rnnzoo.datasets.video.folder import Clip, video_clips
from rnnzoo.datasets.video.splits import split_clips
from rnnzoo.pipelines.core.file_manifest import read_manifest, write_manifest
from rnnzoo.pipelines.families.sequences.clip_features import clip_features
from rnnzoo.pipelines.families.sequences.labelled import SPLITS, Labelled

KIND = "clips"


def own_clips():
    """dict from split to the clips of UCF-11, no group on two sides; none of them opened."""
    return split_ucf11(ucf11_clips())


def given_clips(path):
    """The same of a folder or archive with a sub-folder of videos a class.

    Raises:
        InputError: it cannot be used, see `video_folder`, `video_clips`, `split_clips`.
    """
    return split_clips(video_clips(video_folder(path))[0])


def kept_clips(parts):
    """The sha256 of clips, by which `listed_clips` finds them in the cache.

    Args:
        parts: dict from split to list of `Clip`.
    """
    return write_manifest(KIND, parts, lambda clip: [clip.label], lambda clip: [clip.group])


def listed_clips(sha256):
    """dict from split to list of `Clip`, or None if there are no such clips."""
    return read_manifest(KIND, sha256, SPLITS, Clip)


def labelled_clips(parts):
    """Features of clips; those that cannot be read are left out, and a line says so.

    Args:
        parts: dict from split to list of `Clip`.

    Returns:
        (dict from split to `Labelled`, dict, the reader of such features).

    Raises:
        InputError: the network cannot be had, or no clip of a split can be read.
    """
    from rnnzoo.sequences import frame_network

    network, found = frame_network.inception(), {}
    for split, clips in parts.items():
        made = clip_features(clips, network)
        for problem in made.skipped.values():
            print(f"skipped: {problem}", file=sys.stderr)
        found[split] = Labelled(
            [clip.name for clip in made.clips],
            [windows[0] for windows in made.features],
            [clip.label for clip in made.clips],
        )
    return found, {"kind": "video", "digest": network.digest, "features": network.features}
