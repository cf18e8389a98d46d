"""A few small frames of a video, evenly spaced, as an overview."""

from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.video.frames import frame_times, sampled_frames, video_length
from rnnzoo.datasets.video.reader import LIMITS
from rnnzoo.datasets.video.timed_frames import timed_frames


def shape_of(video, limits=LIMITS):
    """(height, width) of a video's first frame as it is shown, in pixels.

    Raises:
        InputError: it cannot be read.
    """
    with timed_frames(video, limits) as frames:
        return next(iter(frames)).pixels().shape[:2]


def thumbnails(video, count, height, limits=LIMITS):
    """Frames from the middles of slots of equal length.

    Args:
        video: as for `rnnzoo.datasets.video.frames.video_frames`.
        count: int, number of frames.
        height: int, pixels; the width keeps the proportions of the first frame.
        limits: `rnnzoo.datasets.video.reader.Limits`.

    Returns:
        (float array (count,), seconds; uint8 array (count, height, width, 3)).

    Raises:
        InputError: the video cannot be read, or is beyond a limit.
    """
    rows, columns = shape_of(video, limits)
    size = (whole("height", height), max(1, round(height * columns / rows)))
    length, _ = video_length(video, limits)
    settings = {"frames": count, "seconds": length, "size": size, "limits": limits}
    (times,) = frame_times(length, count, length)
    (frames,), _ = sampled_frames(video, **settings)
    return times, frames
