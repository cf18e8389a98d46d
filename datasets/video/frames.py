"""Samples a few frames of a video as input of a classifier.

[NB] takes 7 frames over 5 seconds, 1.4 a second. Of the length of 5 seconds, cut into 7 equal
slots, each frame is the one shown in the middle of its slot. A video that is shorter is cut
into 7 slots as a whole: the frames lie closer, and there are always 7. Of fewer than 7 frames
some are repeated.
"""

import warnings

import numpy as np

from rnnzoo.datasets.common.arguments import frame_size, is_number, whole
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.decoding import DamagedVideo, left_out
from rnnzoo.datasets.video.reader import LIMITS, name_of, opened
from rnnzoo.datasets.video.strip import SECONDS as SECONDS_OF_STRIP
from rnnzoo.datasets.video.strip import frames_at, is_strip, strip_frames
from rnnzoo.datasets.video.timed_frames import timed_frames

FRAMES, SECONDS = 7, 5.0


def video_length(video, limits=LIMITS):
    """The length of a video, by the time stamps of its frames and not by its header.

    Args:
        video: str or path of a file; or its content as bytes.
        limits: `rnnzoo.datasets.video.reader.Limits`.

    Returns:
        (float seconds, int frames), of what is in the file.

    Raises:
        InputError: it cannot be read, has no frames, or is beyond a limit.
    """
    name = name_of(video)
    if is_strip(video):
        frames = len(strip_frames(video, limits))
        return frames * SECONDS_OF_STRIP, frames
    with opened(video, limits) as (container, stream):
        rate = float(stream.average_rate or stream.guessed_rate or 25)
        first, last, frames = None, None, 0
        for packet in container.demux(stream):
            if not packet.size:
                continue
            frames += 1
            stamp = packet.dts if packet.pts is None else packet.pts
            if stamp is not None:
                first = stamp if first is None else min(first, stamp)
                last = stamp if last is None else max(last, stamp)
            if frames > limits.frames:
                raise InputError(f"{name} has more than {limits.frames:,} frames: give fewer")
        if not frames:
            raise InputError(f"{name} has no frames: give a video")
        stamped = 0 if first is None else float((last - first) * stream.time_base)
        seconds = (stamped or (frames - 1) / rate) + 1 / rate
    if seconds > limits.seconds:
        raise InputError(
            f"{name} is {seconds:.0f} seconds long: give one of at most {limits.seconds:g}"
        )
    return seconds, frames


def frame_times(length, frames=FRAMES, seconds=SECONDS, windows=1):
    """The times of the frames that represent a video.

    Args:
        length: float, seconds of the video.
        frames: int, frames of a window.
        seconds: float, length of a window; a shorter video is one window as it is.
        windows: int, windows spread evenly from the beginning of the video to its end; a single one
            is in the middle. A video no longer than a window has one.

    Returns:
        float array (windows, frames), seconds from the beginning.

    Example:

    >>> frame_times(8.0, windows=2)[:, [0, -1]].round(2).tolist()
    [[0.36, 4.64], [3.36, 7.64]]
    >>> frame_times(0.7).round(2).tolist()
    [[0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65]]
    """
    frames, windows = whole("frames", frames), whole("windows", windows)
    if not is_number(seconds) or seconds <= 0:
        raise InputError(f"seconds is {seconds!r}: give a number above 0")
    free = max(0.0, length - seconds)
    starts = np.linspace(0, free, windows) if windows > 1 and free else np.array([free / 2])
    slot = min(length, seconds) / frames
    return starts[:, None] + slot * (np.arange(frames) + 0.5)


def video_frames(video, *, frames=FRAMES, seconds=SECONDS, windows=1, size=None, limits=LIMITS):
    """Frames that represent a video, see `frame_times`.

    Frames are decoded one after the other up to the last required one. They are upright, as a
    player shows them, and resized, not cropped. Packets that cannot be decoded are left out, with a
    `DamagedVideo` warning that counts them; the frame before them is shown for longer.

    Args:
        video: str or path of a file, which may be a strip, see `rnnzoo.datasets.video.strip`; or
            its content as bytes.
        frames, seconds, windows: see `frame_times`.
        size: (height, width) in pixels, or one number for both; None for that of the video.
        limits: `rnnzoo.datasets.video.reader.Limits`.

    Returns:
        uint8 array (windows, frames, height, width, 3), red, green, blue.

    Raises:
        InputError: the video cannot be read, no frame or fewer than half of the packets can be
            decoded, or it is beyond a limit.
    """
    sampled, damaged = sampled_frames(
        video, frames=frames, seconds=seconds, windows=windows, size=size, limits=limits
    )
    warn_of_damage(video, damaged)
    return sampled


def warn_of_damage(video, damaged):
    """A `DamagedVideo` warning if packets of a video were left out.

    Args:
        video: as for `video_frames`.
        damaged: int, packets.
    """
    if damaged:
        warnings.warn(f"{name_of(video)}: {left_out(damaged)}", DamagedVideo, stacklevel=3)


def sampled_frames(video, *, frames=FRAMES, seconds=SECONDS, windows=1, size=None, limits=LIMITS):
    """As `video_frames`, without a warning.

    Returns:
        (array as of `video_frames`, int, damaged packets that were left out).

    Raises:
        InputError: as `video_frames`.
    """
    size = None if size is None else frame_size(size)
    if is_strip(video):
        strip = strip_frames(video, limits)
        times = frame_times(len(strip) * SECONDS_OF_STRIP, frames, seconds, windows)
        return frames_at(strip, times, size), 0
    length, _ = video_length(video, limits)
    times = frame_times(length, frames, seconds, windows)
    distinct, indices = np.unique(times, return_inverse=True)
    sampled, damaged = _frames_at(video, distinct, size, limits)
    return sampled[indices.reshape(times.shape)], damaged


def _frames_at(video, times, size, limits):
    """(uint8 array (times, height, width, 3) of what a player shows then, damaged packets)."""
    arrays, last = [], None
    with timed_frames(video, limits) as frames:
        for frame in frames:
            due = np.searchsorted(times, frame.seconds) - len(arrays)  # times before this frame
            if last is not None and due > 0:
                arrays += [last.pixels(size)] * due
            last = frame
            if len(arrays) == len(times):
                break
        arrays += [last.pixels(size)] * (len(times) - len(arrays))
        damaged = frames.damaged
    if len({array.shape for array in arrays}) > 1:
        name = name_of(video)
        raise InputError(f"{name} changes its size on the way: give a size, or another video")
    return np.stack(arrays), damaged
