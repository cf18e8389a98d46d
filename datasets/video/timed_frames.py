"""The frames of a video one after the other, with the times at which a player shows them."""

import contextlib
import functools
from collections.abc import Callable
from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.decoding import Decoder
from rnnzoo.datasets.video.orientation import upright
from rnnzoo.datasets.video.reader import LIMITS, name_of, opened
from rnnzoo.datasets.video.strip import SECONDS, is_strip, resized, strip_frames

RATE = 25.0  # frames per second of a video that states none
RESTART = 1.0  # seconds; time stamps that go back further begin anew


@dataclass(frozen=True)
class TimedFrame:
    """A frame of a video.

    Args:
        seconds: float, from the first frame.
        pixels: function of the size, (height, width) or None for the frame's own, that returns the
            upright frame: uint8 array (height, width, 3), red, green, blue.
    """

    seconds: float
    pixels: Callable


class DecodedFrames:
    """The `TimedFrame`s of an opened video, decoded one at a time.

    Args:
        container, stream: as `rnnzoo.datasets.video.reader.opened` yields them.
        name: str, what a message calls the video.
        limits: `rnnzoo.datasets.video.reader.Limits`, of which that of the pixels is checked.

    Attributes:
        rate: float, frames per second.
    """

    def __init__(self, container, stream, name, limits=LIMITS):
        self.rate = float(stream.average_rate or stream.guessed_rate or RATE)
        # An AVI has no time stamps, and what is guessed for them is out of order.
        self._unstamped = container.format.name == "avi"
        self._decoder = Decoder(container, stream, name)
        self._name, self._limits = name, limits

    @property
    def damaged(self):
        """int, packets until now that could not be decoded; they are left out."""
        return self._decoder.damaged

    def __iter__(self):
        """Yields `TimedFrame`s, in the order of time.

        Raises:
            InputError: no frame or fewer than half of the packets can be decoded, or a frame is
                beyond the limit.
        """
        name, most = self._name, self._limits.pixels
        begin = last = None
        for frame in self._decoder:
            if frame.width * frame.height > most:  # it may change on the way
                raise InputError(f"{name} has frames of more than {most:,} pixels")
            seconds = expected = 0.0 if last is None else last + 1 / self.rate
            if frame.time is not None and not self._unstamped:
                begin = frame.time - expected if begin is None else begin
                seconds = frame.time - begin
                if seconds < expected - RESTART:
                    begin, seconds = frame.time - expected, expected
            last = max(seconds, 0.0 if last is None else last)
            yield TimedFrame(last, functools.partial(upright, frame, name=name))
        if last is None:
            raise InputError(f"{name} has no frame that can be decoded: give another video")


class StripFrames:
    """The `TimedFrame`s of a strip, see `rnnzoo.datasets.video.strip`.

    Args:
        frames: uint8 array (frames, side, side, 3).

    Attributes:
        rate: float, frames per second.
        damaged: int, 0.
    """

    rate, damaged = 1 / SECONDS, 0

    def __init__(self, frames):
        self._frames = frames

    def __iter__(self):
        for index, frame in enumerate(self._frames):
            yield TimedFrame(index * SECONDS, functools.partial(resized, frame))


@contextlib.contextmanager
def timed_frames(video, limits=LIMITS):
    """Opens a video or a strip, to iterate over its frames.

    Args:
        video: str or path of a file; or its content as bytes.
        limits: `rnnzoo.datasets.video.reader.Limits`.

    Yields:
        `DecodedFrames` or `StripFrames`. The file is closed afterwards.

    Raises:
        InputError: the video cannot be read, or is beyond a limit.

    Example:

        with timed_frames("clip.avi") as frames:
            for frame in frames:
                print(frame.seconds, frame.pixels().shape)
    """
    if is_strip(video):
        yield StripFrames(strip_frames(video, limits))
        return
    with opened(video, limits) as (container, stream):
        yield DecodedFrames(container, stream, name_of(video), limits)
