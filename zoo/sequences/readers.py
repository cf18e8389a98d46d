"""Readers: from the inputs of a classifier to features (time, features)."""

import os
from pathlib import Path

import numpy as np

from rnnzoo.datasets.action3d.invariant import feature_count, invariant_features
from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.frames import FRAMES, SECONDS, warn_of_damage
from rnnzoo.datasets.video.reader import LIMITS, name_of
from rnnzoo.sequences import refusals
from rnnzoo.sequences.files import read_sequence
from rnnzoo.sequences.sampling import Sampling


class FeatureReader:
    """Reads features, as they are.

    Args:
        features: int, numbers per time step.
    """

    kind, steps = "features", None  # any number

    def __init__(self, features):
        self.features = whole("features", features)

    def get_config(self):
        """The constructor's arguments as plain data."""
        return {"kind": self.kind, "features": self.features}

    def read(self, sequence):
        """The features, float32 (time, features).

        Args:
            sequence: array (time, features), or the path of a file, see `read_sequence`.

        Raises:
            InputError: they have another shape, no step, or values that are not finite.
        """
        if _is_path(sequence):
            sequence = read_sequence(sequence, self.kind)
        try:
            features = np.asarray(sequence, "float32")
        except (TypeError, ValueError):
            raise InputError(f"{type(sequence).__name__} is no array of features") from None
        if features.ndim != 2 or features.shape[1] != self.features or not len(features):
            raise InputError(refusals.SHAPE.format(shape=features.shape, features=self.features))
        if not np.isfinite(features).all():
            raise InputError(refusals.NOT_FINITE)
        return features

    def read_stream(self, steps):
        """Features of the time steps so far, a list of arrays (features,)."""
        return self.read(np.stack(steps))


class SkeletonReader:
    """Reads skeletons as invariant features, see `rnnzoo.datasets.action3d.invariant`.

    Args:
        steps: int, to which every sequence is resampled.
        accelerations, arms, distances: bool; features besides positions and velocities.
    """

    kind, optional_features = "skeletons", ("accelerations", "arms", "distances")

    def __init__(self, steps=32, accelerations=False, arms=False, distances=False):
        self.steps = whole("steps", steps, 2)
        self.optional = {}
        for name, wanted in zip(
            self.optional_features, (accelerations, arms, distances), strict=True
        ):
            if not isinstance(wanted, bool):
                raise InputError(f"{name} is {wanted!r}: give true or false")
            if wanted:
                self.optional[name] = True
        self.features = feature_count(**self.optional)

    def get_config(self):
        """The constructor's arguments as plain data."""
        return {"kind": self.kind, "steps": self.steps, **self.optional}

    def read(self, sequence):
        """Features (steps, features) of joints (frames, 20, 3), or of the file of a path.

        Raises:
            InputError: they are no joints, or the file cannot be read, see `read_sequence`.
        """
        if _is_path(sequence):
            sequence = read_sequence(sequence, self.kind)
        return invariant_features(sequence, self.steps, **self.optional)

    def read_stream(self, steps):
        """Features of the frames so far, a list of arrays (20, 3)."""
        return self.read(np.stack(steps))


class VideoReader:
    """Reads videos by a network from frames to features.

    The network is many times larger than the classifier and not a part of it; its digest is.

    Args:
        digest: str, of the `FrameNetwork` of the training.
        features: int, of that network.
        frames, seconds, mirrored: see `rnnzoo.sequences.sampling.Sampling`.
        network: str, the name of that network: of its file, or in
            `rnnzoo.sequences.networks.names.NAMES`.
        pixels: pair, see `FrameNetwork`.
    """

    kind = "video"

    def __init__(
        self,
        digest,
        features=2048,
        frames=FRAMES,
        seconds=SECONDS,
        network="InceptionV3",
        pixels=(-1.0, 1.0),
        mirrored=False,
    ):
        self.digest, self.features = digest, whole("features", features)
        self.sampling = Sampling(frames, seconds, mirrored=mirrored)
        self.steps = self.sampling.frames
        self.network_name, self.pixels = str(network), tuple(map(float, pixels))
        self._network = None

    def get_config(self):
        """The constructor's arguments as plain data."""
        return {
            "kind": self.kind,
            "digest": self.digest,
            "features": self.features,
            "network": self.network_name,
            "pixels": list(self.pixels),
            **self.sampling.reader(),
        }

    def use(self, network):
        """Sets the `FrameNetwork`, by whose name it is found from then on.

        Raises:
            InputError: it is not that of the training.
        """
        if network.digest != self.digest:
            raise InputError(
                f"the network {network.name} has the digest {network.digest[:16]}, the classifier "
                f"was trained on features of {self.network_name}, {self.digest[:16]}: give that one"
            )
        self._network = network
        self.network_name, self.pixels = network.name, network.pixels

    @property
    def network(self):
        """The `FrameNetwork`; if none was set, the one that `find_network` finds."""
        if self._network is None:
            from rnnzoo.sequences.networks.network_files import find_network

            self.use(find_network(self.digest, self.network_name, self.pixels))
        return self._network

    def read(self, sequence, limits=LIMITS):
        """Features (frames, features) of a video, or of frames of one.

        Args:
            sequence: str, path or bytes of a video; or uint8 array (time, height, width, 3) of the
                network's size; or float features (time, features); or the path of an .npy file of
                either.
            limits: `rnnzoo.datasets.video.reader.Limits`.

        Raises:
            InputError: it cannot be used.
        """
        if _is_path(sequence) and Path(sequence).suffix.lower() == ".npy":
            sequence = read_sequence(sequence, self.kind)
        if _is_path(sequence) or isinstance(sequence, bytes | bytearray | memoryview):
            frames, damaged = self.sampling.of(
                sequence, name_of(sequence), self.network.size, limits
            )
            warn_of_damage(sequence, damaged)
            return self.frame_features(frames[0])
        if np.ndim(sequence) == 4:
            if not len(sequence):
                raise InputError("there are no frames: give one or more")
            return self.frame_features(sequence)
        return FeatureReader(self.features).read(sequence)

    def frame_features(self, frames):
        """float32 features (..., features) of frames (..., height, width, 3), see `Sampling`."""
        return self.sampling.features(self.network, frames)

    def read_stream(self, steps):
        """Features of the last frames, a list of arrays (features,)."""
        return np.stack(steps[-self.steps :])


def _is_path(sequence):
    return isinstance(sequence, str | os.PathLike)


READERS = {reader.kind: reader for reader in (FeatureReader, SkeletonReader, VideoReader)}


def reader_of(config):
    """The reader that a `get_config` describes.

    Raises:
        InputError: there is no such kind.
    """
    kind = config.get("kind")
    if kind not in READERS:
        raise InputError(f"unknown input {kind!r}: choose one of {', '.join(READERS)}")
    return READERS[kind](**{key: value for key, value in config.items() if key != "kind"})
