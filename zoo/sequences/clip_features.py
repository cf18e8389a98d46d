"""Features of the clips of a folder: batched, cached by content, resumable."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.video.reader import LIMITS, content_of
from rnnzoo.progress import progressed
from rnnzoo.sequences.feature_cache import file_name, packed, set_name, unpacked
from rnnzoo.sequences.sampling import Sampling


@dataclass(frozen=True)
class ClipFeatures:
    """Features of the clips that could be read.

    Args:
        clips: list of `rnnzoo.datasets.common.class_folders.Clip`.
        features: list of float32 arrays (windows, frames, features), one per clip.
        sha256: list of str, of the content of each.
        skipped: dict from the name of each clip that could not be read to the reason.
        damaged: dict from the name of each clip with damaged packets to how many were left out;
            unless its features were in the cache.
    """

    clips: list
    features: list
    sha256: list
    skipped: dict
    damaged: dict


def clip_features(clips, network, sampling=None, *, folder=None, limits=LIMITS):
    """Decodes clips and runs the network on their frames; features in the cache are read.

    Args:
        clips: list of `rnnzoo.datasets.common.class_folders.Clip`.
        network: `rnnzoo.sequences.networks.frame_network.FrameNetwork`.
        sampling: `Sampling`; None for 7 frames of 5 seconds.
        folder: path of the features' folder; None for the cache.
        limits: `rnnzoo.datasets.video.reader.Limits`.

    Returns:
        `ClipFeatures`, in the order of the clips.

    Raises:
        InputError: none of the clips can be read.
    """
    sampling = sampling or Sampling()
    root = features_folder(folder) / set_name(network, sampling)
    readable, features, hashes, skipped, damaged = [], [], [], {}, {}
    for clip in progressed(clips, len(clips), "features", "clip"):
        try:
            sha256, array, packets = _features(clip.path, network, sampling, root, limits)
        except InputError as problem:
            skipped[clip.name] = str(problem)
            continue
        if packets:
            damaged[clip.name] = packets
        readable.append(clip)
        hashes.append(sha256)
        features.append(array)
    if not readable:
        first = next(iter(skipped.values()), "there are none")
        raise InputError(f"none of {len(clips)} clips can be read: {first}")
    return ClipFeatures(readable, features, hashes, skipped, damaged)


def features_folder(folder=None):
    """Path of the folder of features; that of the cache by default."""
    return cache_dir() / "clip_features" if folder is None else Path(folder)


def _features(path, network, sampling, root, limits):
    video = content_of(path, limits)
    sha256 = hashlib.sha256(video).hexdigest()
    file = root / file_name(sha256)
    if file.is_file():
        features = unpacked(file.read_bytes(), network, sampling)
        if features is not None:
            return sha256, features, 0
        file.unlink(missing_ok=True)  # damaged
    frames, damaged = sampling.of(video, str(path), network.size, limits)
    features = sampling.features(network, frames)
    with atomic_file(file) as partial:
        partial.write_bytes(packed(features))
    return sha256, features, damaged
