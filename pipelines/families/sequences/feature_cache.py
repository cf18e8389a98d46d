"""Where the features of a clip lie: named by its content, the network and the way of sampling.

    <network and sampling>/<first two digits>/<sha256 of the clip>.npy

A file appears when it is complete, so whoever finds one can use it, and an extraction that was
interrupted goes on with what is missing. Machines may fill one folder together.
"""

import io
from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.frames import FRAMES, SECONDS, video_frames
from rnnzoo.datasets.video.reader import name_of

# Raise it when other frames are taken from the same clip, or squeezed in another way.
VERSION = 1


@dataclass(frozen=True)
class Sampling:
    """Which frames stand for a clip, see `rnnzoo.datasets.video.frames.frame_times`.

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
            uint8 array (windows, frames, height, width, 3).

        Raises:
            InputError: they cannot be had.
        """
        how = {"frames": self.frames, "seconds": self.seconds, "windows": self.windows}
        try:
            return video_frames(content, **how, size=size, limits=limits)
        except InputError as problem:
            raise InputError(str(problem).replace(name_of(content), name, 1)) from None


def set_name(network, sampling):
    """The folder of one network and one way of sampling.

    Args:
        network: `rnnzoo.sequences.frame_network.FrameNetwork`.
        sampling: `Sampling`.
    """
    how = f"{sampling.frames}x{sampling.seconds:g}s-{sampling.windows}"
    return f"{network.digest[:16]}-{how}-v{VERSION}"


def file_name(sha256):
    """The path of a clip's features below that folder."""
    return f"{sha256[:2]}/{sha256}.npy"


def packed(features):
    """The bytes of a features file."""
    content = io.BytesIO()
    np.save(content, features, allow_pickle=False)
    return content.getvalue()


def unpacked(content, network, sampling):
    """The features in a file's bytes, or None where it holds something else.

    Args:
        content: bytes.
        network, sampling: as for `set_name`.

    Returns:
        float32 array (windows, frames, features); a short clip has one window.
    """
    try:
        found = np.load(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError, OSError):
        return None
    good = found.ndim == 3 and found.shape[1:] == (sampling.frames, network.features)
    return found if good and 1 <= len(found) <= sampling.windows else None
