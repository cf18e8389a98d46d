"""Opens video files; every problem with one becomes a one-line `InputError`."""

import contextlib
import io
import os
from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.paths import check_file
from rnnzoo.datasets.common.system_errors import reason_of

SUFFIXES = (".avi", ".mpg", ".mpeg", ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".wmv", ".flv")

# FFmpeg's names of what these hold. Others, playlists among them, can name files and addresses
# that would then be read too.
FORMATS = "avi,mpeg,mpegts,mpegvideo,mov,matroska,asf,flv"


@dataclass(frozen=True)
class Limits:
    """Limits on a video, against exhausting this machine.

    Args:
        size: int, most bytes of the file.
        seconds: float, longest duration.
        pixels: int, most of a frame.
        frames: int, most of the video.
    """

    size: int = 2**30
    seconds: float = 600.0
    pixels: int = 4096 * 2304
    frames: int = 36_000


LIMITS = Limits()


@contextlib.contextmanager
def opened(video, limits=LIMITS):
    """Opens the first video stream.

    Args:
        video: str or path of a file; or its content as bytes.
        limits: `Limits`.

    Yields:
        (`av.container.InputContainer`, `av.VideoStream`); both are closed afterwards.

    Raises:
        InputError: PyAV is not installed, or the video cannot be read or is beyond a limit.
            Exceptions of PyAV inside the block are converted as well.
    """
    pyav()
    name = name_of(video)
    with _file(video, name, limits) as file, opened_source(file, name, limits) as source:
        yield source


@contextlib.contextmanager
def opened_source(source, name, limits=LIMITS, form=None):
    """As `opened`, for a source that is no regular file.

    Args:
        source: object with `read(size)`, and with `seek` and `tell` if it can be seeked; or, with
            `form`, the name of a device.
        name: str, what a message calls it.
        limits: `Limits`, of which that of the pixels is checked here.
        form: str, FFmpeg's name of the source's format; None for one of `FORMATS`.

    Yields:
        As `opened`.

    Raises:
        InputError: as `opened`.
    """
    av = pyav()
    with contextlib.ExitStack() as stack:
        try:
            container = stack.enter_context(
                av.open(
                    source,
                    format=form,
                    # Without a protocol no other file or address is opened, whatever it names.
                    options={"format_whitelist": form or FORMATS, "protocol_whitelist": ""},
                    metadata_errors="ignore",
                )
            )
            if not container.streams.video:
                raise InputError(f"{name} has no pictures: give a video")
            stream = container.streams.video[0]
            if stream.codec_context is None:  # damaged where it is named
                raise InputError(f"{name} cannot be read as a video: its codec is unknown")
            stream.codec_context.thread_count = 1  # clips are spread over processes
            _check_pixels(name, stream.width * stream.height, limits)
            yield container, stream
        except InputError:
            raise
        except (av.FFmpegError, ValueError, OSError, RuntimeError) as problem:
            raise InputError(f"{name} cannot be read as a video: {_reason(problem)}") from None


def _reason(problem):
    """PyAV's reason, without its number and the path; or the system's."""
    return getattr(problem, "strerror", None) or reason_of(problem)


def name_of(video):
    """The name of a video in messages."""
    return "the video" if isinstance(video, bytes | bytearray | memoryview) else str(video)


def content_of(video, limits=LIMITS):
    """The bytes of a video.

    Raises:
        InputError: it cannot be read, or is larger than the limit.
    """
    with _file(video, name_of(video), limits) as file:
        return file.read()


def pyav():
    """The module `av`.

    Raises:
        InputError: it is not installed.
    """
    try:
        import av
    except ImportError:
        raise InputError("videos need PyAV: pip install 'rnnzoo[video]'") from None
    return av


def _file(video, name, limits):
    if isinstance(video, bytes | bytearray | memoryview):
        size, file = len(video), io.BytesIO(video)
    elif isinstance(video, str | os.PathLike):
        check_file(video, f"give a video ({', '.join(SUFFIXES)})")
        file = open(video, "rb")
        size = os.fstat(file.fileno()).st_size
    else:
        raise InputError(f"a video is {type(video).__name__}: give a path, or bytes of a file")
    if size > limits.size or not size:
        file.close()
        actual = f"{size:,} bytes" if size else "empty"
        raise InputError(f"{name} is {actual}: give a video of 1 to {limits.size:,} bytes")
    return file


def _check_pixels(name, pixels, limits):
    if not 0 < pixels <= limits.pixels:
        raise InputError(
            f"{name} has frames of {pixels:,} pixels: give a video of 1 to {limits.pixels:,}"
        )
