"""Sampling of a clip for a classifier: which frames are read, and whether mirrored too."""

from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.common.arguments import is_number, whole
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.frames import FRAMES, SECONDS, sampled_frames
from rnnzoo.datasets.video.reader import name_of


@dataclass(frozen=True)
class Sampling:
    """Which frames are taken from a clip, see `rnnzoo.datasets.video.frames.frame_times`.

    Args:
        frames: int.
        seconds: float.
        windows: int.
        mirrored: bool; the features of a frame are the mean of its own and those of its mirror
            image, left and right exchanged. They cost twice the time.

    Raises:
        InputError: an argument is no number of its kind.
    """

    frames: int = FRAMES
    seconds: float = SECONDS
    windows: int = 1
    mirrored: bool = False

    def __post_init__(self):
        object.__setattr__(self, "frames", whole("frames", self.frames))
        object.__setattr__(self, "windows", whole("windows", self.windows))
        if not is_number(self.seconds) or self.seconds <= 0:
            raise InputError(f"seconds is {self.seconds!r}: give a number above 0")
        object.__setattr__(self, "seconds", float(self.seconds))
        if not isinstance(self.mirrored, bool):
            raise InputError(f"mirrored is {self.mirrored!r}: give True or False")

    @property
    def interval(self):
        """float, seconds from a frame of a window to the next."""
        return self.seconds / self.frames

    def is_due(self, seconds, last):
        """Whether a frame follows the last one that was taken no sooner than in training.

        Args:
            seconds: float, its time.
            last: float, the time of the last one that was taken, or None.
        """
        return last is None or seconds - last >= self.interval - 1e-6

    def due(self, frames):
        """Yields those of the frames of a video that are due, one interval apart or more.

        Args:
            frames: iterable of `rnnzoo.datasets.video.timed_frames.TimedFrame`.
        """
        last = None
        for frame in frames:
            if self.is_due(frame.seconds, last):
                last = frame.seconds
                yield frame

    def reader(self):
        """What a reader remembers of it: dict of `frames`, `seconds` and `mirrored`."""
        return {"frames": self.frames, "seconds": self.seconds, "mirrored": self.mirrored}

    def of(self, content, name, size, limits):
        """The frames of a video.

        Args:
            content: bytes, or str or path of a file.
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

    def features(self, network, frames):
        """The features of frames.

        Args:
            network: `rnnzoo.sequences.networks.frame_network.FrameNetwork`.
            frames: uint8 array (..., height, width, 3) of the network's size.

        Returns:
            float32 array (..., features).

        Raises:
            InputError: the frames are of another size, or no bytes.
        """
        features = network(frames)
        if not self.mirrored:
            return features
        return (features + network(np.asarray(frames)[..., ::-1, :])) / 2
