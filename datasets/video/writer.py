"""Writes videos as MP4: H.264, or MPEG-4 where PyAV has no encoder for that."""

import contextlib
from fractions import Fraction

import numpy as np

from rnnzoo.datasets.common.atomic_write import atomic_file, writable
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.reader import pyav

SUFFIX = ".mp4"
CODECS = ("libx264", "mpeg4")  # the first that there is
TICKS = 60_000  # per second, of the time stamps; MPEG-4 can have 65,535
BITS = 0.2  # per pixel of a frame, of MPEG-4; H.264 has a quality of its own
RATES = 1, 240  # frames per second; others are stated as the nearest


@contextlib.contextmanager
def video_writer(path, rate):
    """Opens an MP4 file that is renamed to `path` once it is complete.

    Args:
        path: str or path that ends in .mp4; a file of that name is replaced.
        rate: float, frames per second.

    Yields:
        `write(pixels, seconds)`, which takes uint8 (height, width, 3) and the time at which the
        frame is shown, after that of the frame before; a frame at the same time is left out. All
        frames are of the size of the first. The last row and column of an odd size are doubled.

    Raises:
        InputError: PyAV is not installed, or the file cannot be written.
    """
    av, path = pyav(), writable(path, SUFFIX)
    rate = Fraction(min(max(rate, RATES[0]), RATES[1])).limit_denominator(1001)
    with atomic_file(path) as partial, open(partial, "wb") as file:
        with av.open(file, "w", format=SUFFIX[1:]) as container:
            encoder = _Encoder(av, container, rate)
            yield encoder.write
            encoder.finish()


class _Encoder:
    def __init__(self, av, container, rate):
        self._av, self._container = av, container
        codec = next((name for name in CODECS if name in av.codecs_available), None)
        if codec is None:
            raise InputError(f"PyAV has no encoder of {' or '.join(CODECS)} here: give a .png")
        self._stream = container.add_stream(codec, rate=rate)
        self._stream.codec_context.time_base = Fraction(1, TICKS)
        self._rate, self._last, self._shape = rate, None, None

    def write(self, pixels, seconds):
        at = round(seconds * TICKS)
        if self._last is None:
            self._shape = pixels.shape
            self._stream.height, self._stream.width = (n + n % 2 for n in pixels.shape[:2])
            self._stream.pix_fmt = "yuv420p"  # what every player takes; it needs even sizes
            if self._stream.codec_context.name == CODECS[-1]:
                self._stream.bit_rate = int(BITS * pixels.size / 3 * self._rate)
        elif pixels.shape != self._shape:
            raise InputError(f"a frame is {pixels.shape}: give all as the first, {self._shape}")
        elif at <= self._last:
            return
        self._last = at
        even = [(0, n % 2) for n in pixels.shape[:2]]
        pixels = np.pad(pixels, [*even, (0, 0)], mode="edge")
        frame = self._av.VideoFrame.from_ndarray(pixels, format="rgb24")
        frame.pts, frame.time_base = at, Fraction(1, TICKS)
        self._container.mux(self._stream.encode(frame))

    def finish(self):
        if self._last is not None:
            self._container.mux(self._stream.encode())
