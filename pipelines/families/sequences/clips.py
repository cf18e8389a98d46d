"""Clips of videos, and the features of their frames as labelled sequences."""

import sys
from collections import namedtuple
from pathlib import Path

from rnnzoo.datasets.common.class_folders import Clip
from rnnzoo.datasets.common.clip_splits import split_clips
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.file_manifest import read_manifest, write_manifest
from rnnzoo.datasets.common.near_duplicates import first_of_each, report
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.sequences.labelled import Labelled
from rnnzoo.datasets.video.archive import video_folder
from rnnzoo.datasets.video.decoding import left_out
from rnnzoo.datasets.video.folder import video_clips
from rnnzoo.sequences.clip_features import clip_features
from rnnzoo.sequences.networks.names import NO_FILE
from rnnzoo.sequences.sampling import Sampling

KIND, NETWORKS = "clips", "network_files"

_File = namedtuple("_File", ["name", "path"])


def user_clips(path):
    """dict from split to list of `Clip` of a user; a group has one split, and so have clips of the
    same content under several names, which are reported on standard error.

    Args:
        path: str or path of a folder or archive with a sub-folder of videos per class.

    Raises:
        InputError: it cannot be used, see `video_folder`, `video_clips`, `split_clips`.
    """
    clips = video_clips(video_folder(path))[0]
    first = first_of_each(clips)
    report(first)
    return split_clips(clips, first=first)


def keep_clips(parts):
    """The sha256 of clips, by which `listed_clips` finds them in the cache.

    Args:
        parts: dict from split to list of `Clip`.
    """
    return write_manifest(KIND, parts, lambda clip: [clip.label], lambda clip: [clip.group])


def listed_clips(sha256):
    """dict from split to list of `Clip`, or None if there are no such clips."""
    return read_manifest(KIND, sha256, SPLITS, Clip)


def keep_network(path):
    """The sha256 of a network's file, by which `network_of_recipe` finds it.

    Args:
        path: str or path, see `rnnzoo.sequences.networks.network_files.read_network`.

    Raises:
        InputError: it is no file.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(NO_FILE.format(path=path))
    return write_manifest(NETWORKS, {"": [_File(path.name, path)]})


def network_of_recipe(network):
    """The `FrameNetwork` that a recipe names.

    Args:
        network: dict, the recipe's `network`: `name`, of
            `rnnzoo.sequences.networks.names.NAMES`, or `sha256`, which `keep_network` returned;
            None for EfficientNet-Lite2.

    Raises:
        InputError: its weights are not available, or its file is not.
    """
    from rnnzoo.sequences.networks.by_name import network_named
    from rnnzoo.sequences.networks.network_files import read_network

    if not network or "name" in network:
        return network_named(**(network or {}))
    files = read_manifest(NETWORKS, network["sha256"], [""], _File)
    if files is None:
        raise InputError(
            "the file of the network that the recipe names is not known here: name it with "
            "`rnnzoo train ... --frame-network FILE`, or give --data"
        )
    return read_network(files[""][0].path)


def sampling_of_recipe(recipe):
    """The `Sampling` that a recipe describes; what it leaves out is as in [NB].

    Args:
        recipe: dict, with or without `frames`, `seconds` and `mirrored`.

    Raises:
        InputError: one of them is no number of its kind.
    """
    return Sampling(**{key: recipe[key] for key in Sampling().reader() if key in recipe})


def labelled_clips(parts, network, sampling=None):
    """Features of clips; those that cannot be read are left out, and reported on standard error.

    Args:
        parts: dict from split to list of `Clip`.
        network: `rnnzoo.sequences.networks.frame_network.FrameNetwork`.
        sampling: `Sampling` of one window; None for 7 frames of 5 seconds.

    Returns:
        (dict from split to `Labelled`, dict, the network's `reference` and the sampling's
        `reader`).

    Raises:
        InputError: no clip of a split can be read.
    """
    labelled, sampling = {}, sampling or Sampling()
    for split, clips in parts.items():
        result = clip_features(clips, network, sampling)
        for problem in result.skipped.values():
            print(f"skipped: {problem}", file=sys.stderr)
        for name, packets in result.damaged.items():
            print(f"damaged: {name}: {left_out(packets)}", file=sys.stderr)
        labelled[split] = Labelled(
            [clip.name for clip in result.clips],
            [windows[0] for windows in result.features],
            [clip.label for clip in result.clips],
        )
    return labelled, network.reference() | sampling.reader()
