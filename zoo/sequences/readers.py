"""What a classifier is given, as the features that its first layer sees."""

import os

import numpy as np

from rnnzoo.datasets.action3d.invariant import FEATURES, invariant_features
from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.frames import FRAMES, SECONDS, video_frames
from rnnzoo.datasets.video.reader import LIMITS


class FeatureReader:
    """Features of one's own.

    Args:
        features: int, numbers a step.
    """

    kind = "features"

    def __init__(self, features):
        self.features = whole("features", features)

    def get_config(self):
        """The constructor's arguments as plain data."""
        return {"kind": self.kind, "features": self.features}

    def read(self, given):
        """Features (time, features) of what was given, float32.

        Raises:
            InputError: it has another shape, no step, or values that are not finite.
        """
        try:
            found = np.asarray(given, "float32")
        except (TypeError, ValueError):
            raise InputError(f"{type(given).__name__} is no array of features") from None
        if found.ndim != 2 or found.shape[1] != self.features or not len(found):
            raise InputError(
                f"features have shape {found.shape}: give (time, {self.features}), one step or more"
            )
        if not np.isfinite(found).all():
            raise InputError("features have values that are not finite: give numbers")
        return found

    def read_stream(self, steps):
        """Features of the steps that have come so far, a list of arrays (features,)."""
        return self.read(np.stack(steps))


class SkeletonReader:
    """Skeletons as `rnnzoo.datasets.action3d.invariant` sees them.

    Args:
        steps: int, to which every sequence is resampled.
    """

    kind, features = "skeletons", FEATURES

    def __init__(self, steps=32):
        self.steps = whole("steps", steps, 2)

    def get_config(self):
        """The constructor's arguments as plain data."""
        return {"kind": self.kind, "steps": self.steps}

    def read(self, given):
        """Features (steps, 120) of joints (frames, 20, 3).

        Raises:
            InputError: they are no joints.
        """
        return invariant_features(given, self.steps)

    def read_stream(self, steps):
        """Features of the frames that have come so far, a list of arrays (20, 3)."""
        return self.read(np.stack(steps))


class VideoReader:
    """Videos, by a network that turns frames into features.

    The network is not part of the classifier, for it is many times larger; its digest is.

    Args:
        digest: str, of the `FrameNetwork` whose features were learned from.
        features: int, of that network.
        frames: int, see `rnnzoo.datasets.video.frames.frame_times`.
        seconds: float.
    """

    kind = "video"

    def __init__(self, digest, features=2048, frames=FRAMES, seconds=SECONDS):
        self.digest, self.features = digest, whole("features", features)
        self.frames, self.seconds = whole("frames", frames), float(seconds)
        self._network = None

    def get_config(self):
        """The constructor's arguments as plain data."""
        return {
            "kind": self.kind,
            "digest": self.digest,
            "features": self.features,
            "frames": self.frames,
            "seconds": self.seconds,
        }

    def use(self, network):
        """Takes a `FrameNetwork`.

        Raises:
            InputError: it is another than the one that was learned from.
        """
        if network.digest != self.digest:
            raise InputError(
                f"this network has the digest {network.digest[:16]}, the classifier learned from "
                f"features of {self.digest[:16]}: give that one"
            )
        self._network = network

    @property
    def network(self):
        """The `FrameNetwork`; InceptionV3 with the weights of ImageNet where none was given."""
        if self._network is None:
            from rnnzoo.sequences.frame_network import inception

            self.use(inception())
        return self._network

    def read(self, given, limits=LIMITS):
        """Features (frames, features) of a video, or of frames that were taken from one.

        Args:
            given: str, path or bytes of a video; or uint8 array (time, height, width, 3) of the
                size that the network has; or float features (time, features).
            limits: `rnnzoo.datasets.video.reader.Limits`.

        Raises:
            InputError: it cannot be used.
        """
        if isinstance(given, str | os.PathLike | bytes | bytearray | memoryview):
            how = {"frames": self.frames, "seconds": self.seconds}
            return self.network(video_frames(given, **how, size=self.network.size, limits=limits))[
                0
            ]
        if np.ndim(given) == 4:
            if not len(given):
                raise InputError("there are no frames: give one or more")
            return self.network(given)
        return FeatureReader(self.features).read(given)

    def read_stream(self, steps):
        """Features of the last frames that have come, a list of arrays (features,)."""
        return np.stack(steps[-self.frames :])


READERS = {one.kind: one for one in (FeatureReader, SkeletonReader, VideoReader)}


def reader_of(config):
    """The reader that a `get_config` describes.

    Raises:
        InputError: there is no such kind.
    """
    kind = config.get("kind")
    if kind not in READERS:
        raise InputError(f"unknown input {kind!r}: choose one of {', '.join(READERS)}")
    return READERS[kind](**{key: value for key, value in config.items() if key != "kind"})
