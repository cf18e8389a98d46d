"""The files of clips' features, named by the clip's content, the network and the sampling.

    <network and sampling>/<first two digits>/<sha256 of the clip>.npy

A file appears when it is complete, so an extraction that was interrupted is continued with the
missing ones, and several machines may write to one folder.
"""

import io
from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.frames import FRAMES, SECONDS, sampled_frames
from rnnzoo.datasets.video.reader import name_of

# Raise it when other frames are taken from the same clip, or resized in another way.
VERSION = 2


@dataclass(frozen=True)
class Sampling:
    """Which frames are taken from a clip, see `rnnzoo.datasets.video.frames.frame_times`.

    Args:
        frames: int.
        seconds: float.
        windows: int.
    """

    frames: int = FRAMES
    seconds: float = SECONDS
    windows: int = 1

    def of(self, content, name, size, limits):
        """The frames of a video.

        Args:
            content: bytes.
            name: str, what a message calls it.
            size: (height, width), pixels.
            limits: `rnnzoo.datasets.video.reader.Limits`.

        Returns:
            (uint8 array (windows, frames, height, width, 3), int, damaged packets of the video that
            were left out).

        Raises:
            InputError: the video cannot be read.
        """
        settings = {"frames": self.frames, "seconds": self.seconds, "windows": self.windows}
        try:
            return sampled_frames(content, **settings, size=size, limits=limits)
        except InputError as problem:
            raise InputError(str(problem).replace(name_of(content), name, 1)) from None


def set_name(network, sampling):
    """The folder's name for a network and a sampling.

    Args:
        network: `rnnzoo.sequences.networks.frame_network.FrameNetwork`.
        sampling: `Sampling`.
    """
    frames = f"{sampling.frames}x{sampling.seconds:g}s-{sampling.windows}"
    return f"{network.digest[:16]}-{frames}-v{VERSION}"


def file_name(sha256):
    """The path of a clip's features below that folder."""
    return f"{sha256[:2]}/{sha256}.npy"


def packed(features):
    """The bytes of a features file."""
    content = io.BytesIO()
    np.save(content, features, allow_pickle=False)
    return content.getvalue()


def unpacked(content, network, sampling):
    """The features in a file's bytes, or None if it holds something else.

    Args:
        content: bytes.
        network, sampling: as for `set_name`.

    Returns:
        float32 array (windows, frames, features); a short clip has one window.
    """
    try:
        features = np.load(io.BytesIO(content), allow_pickle=False)
    except Exception:  # a header can hold anything
        return None
    expected = (sampling.frames, network.features)
    valid = features.ndim == 3 and features.shape[1:] == expected
    return features if valid and 1 <= len(features) <= sampling.windows else None
