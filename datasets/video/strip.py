"""Strips: square frames of a clip in one picture, each below the one before."""

import io
import warnings

import numpy as np
from PIL import Image

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import reason_of
from rnnzoo.datasets.video.reader import LIMITS, content_of, name_of

SUFFIXES = (".jpeg", ".jpg", ".png")
SECONDS = 4 / 30  # from one frame to the next: every fourth of thirty a second
PIXELS = 2**25  # most of a strip, whose frames are all in memory: 100 MB

_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def is_strip(video):
    """Whether the bytes of a video begin as a JPEG or PNG does, or a path ends as that of one."""
    if isinstance(video, bytes | bytearray | memoryview):
        return bytes(video[:8]).startswith(_BEGINNINGS)
    return str(video).lower().endswith(SUFFIXES)


def strip_frames(video, limits=LIMITS):
    """The frames of a strip.

    Args:
        video: str or path of a JPEG or PNG; or its content as bytes.
        limits: `rnnzoo.datasets.video.reader.Limits`.

    Returns:
        uint8 array (frames, side, side, 3), red, green, blue.

    Raises:
        InputError: it cannot be read, is no strip of square frames, or is beyond a limit.

    Example:

    >>> import io
    >>> import numpy as np
    >>> from PIL import Image
    >>> file = io.BytesIO()
    >>> Image.fromarray(np.zeros((12, 4, 3), "uint8")).save(file, "png")
    >>> strip_frames(file.getvalue()).shape
    (3, 4, 4, 3)
    """
    name = name_of(video)
    try:
        with (
            warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning),
            # Pillow has decoders that run other programs.
            Image.open(io.BytesIO(content_of(video, limits)), formats=("JPEG", "PNG")) as picture,
        ):
            width, height = picture.size
            if width < 1 or height % width:
                raise InputError(
                    f"{name} is {width} pixels wide and {height} high: give square frames below "
                    "each other"
                )
            frames = height // width
            if frames > limits.frames or width**2 > limits.pixels or width * height > PIXELS:
                raise InputError(
                    f"{name} has {frames:,} frames of {width} x {width} pixels: give at most "
                    f"{limits.frames:,} of {limits.pixels:,}, and {PIXELS:,} in all"
                )
            if frames * SECONDS > limits.seconds:
                raise InputError(
                    f"{name} is {frames * SECONDS:.0f} seconds long: give one of at most "
                    f"{limits.seconds:g}"
                )
            pixels = np.asarray(picture.convert("RGB"))
    except InputError:
        raise
    except Exception as problem:  # what Pillow raises depends on what is wrong
        raise InputError(f"{name} cannot be read as a strip: {reason_of(problem)}") from problem
    return pixels.reshape(-1, width, width, 3)


def frames_at(frames, times, size=None):
    """The frames that are shown at some times, resized.

    Args:
        frames: uint8 array (frames, side, side, 3).
        times: float array, seconds from the beginning.
        size: (height, width), pixels; None for that of the frames.

    Returns:
        uint8 array (*shape of the times, height, width, 3).
    """
    indices = np.clip((np.asarray(times) / SECONDS).astype(int), 0, len(frames) - 1)
    if size is None:
        return frames[indices]
    # A strip can have thousands of frames of a few pixels.
    distinct, positions = np.unique(indices, return_inverse=True)
    stacked = np.stack([resized(frames[index], size) for index in distinct])
    return stacked[positions.reshape(indices.shape)]


def resized(frame, size=None):
    """A frame, uint8 array (height, width, 3), of `size` (height, width), or as it is for None."""
    if size is None:
        return frame
    height, width = size
    return np.asarray(Image.fromarray(frame).resize((width, height), Image.Resampling.BILINEAR))
