"""Videos that arrive while they are read: on standard input, or from a camera.

They cannot be seeked, and have no end that is known before.
"""

import os
import stat

from rnnzoo.datasets.common.background import in_background
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.paths import check_file
from rnnzoo.datasets.video.reader import opened_source, pyav
from rnnzoo.datasets.video.timed_frames import DecodedFrames, timed_frames

STANDARD_INPUT = "-"
CAMERAS = "video4linux2,v4l2"  # FFmpeg's name of the format of Linux's cameras
PIPE = f"pipe a video into it, such as `ffmpeg -i FILE -f mpegts - | rnnzoo ... {STANDARD_INPUT}`"
PATH = "give its path, or another format"
HEAD = 16  # bytes of a file that tell its format


def live_frames(source):
    """The frames of a video that arrives while it is read.

    Args:
        source: str or path: `"-"` for standard input, a camera of Linux such as `/dev/video0`, or a
            file or strip. A video on standard input or of a camera may be of any length.

    Yields:
        `rnnzoo.datasets.video.timed_frames.TimedFrame`s.

    Raises:
        InputError: it cannot be read, see `rnnzoo.datasets.video.reader.opened`.
    """
    check_source(source)
    if str(source) == STANDARD_INPUT:
        yield from in_background(_standard_input())
    elif _is_device(source):
        yield from in_background(_camera(os.fspath(source)))
    else:
        with timed_frames(source) as frames:
            yield from frames


def check_source(source):
    """Checks that there is such a source for `live_frames`; to call before long work.

    Raises:
        InputError: there is none, standard input is a terminal, or PyAV is not installed.
    """
    pyav()
    if str(source) == STANDARD_INPUT:
        if os.isatty(0):
            raise InputError(f"standard input is a terminal: {PIPE}")
    elif not _is_device(source):
        check_file(source, f"give a video, a camera, or {STANDARD_INPUT} for standard input")


def _standard_input():
    name, pipe, readable = "standard input", _Pipe(0), False
    try:
        with opened_source(pipe, name) as (container, stream):
            readable = True
            yield from DecodedFrames(container, stream, name)
    except InputError:
        if not pipe.head:
            raise InputError(f"{name} is empty: {PIPE}") from None
        if not readable and pipe.head[4:8] == b"ftyp":
            raise InputError(f"{name} is an MP4 that cannot be read in order: {PATH}") from None
        raise


def _camera(name):
    with opened_source(name, name, form=CAMERAS) as (container, stream):
        yield from DecodedFrames(container, stream, name)


class _Pipe:
    """What has arrived at a file descriptor, read without waiting for more, and never sought."""

    def __init__(self, descriptor):
        self.descriptor, self.head = descriptor, b""

    def read(self, size):
        content = os.read(self.descriptor, size)
        self.head = self.head or content[:HEAD]
        return content


def _is_device(source):
    try:
        return stat.S_ISCHR(os.stat(source).st_mode)
    except (OSError, ValueError):
        return False
