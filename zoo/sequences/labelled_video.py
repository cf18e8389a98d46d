"""A video with its classes over time drawn in: as a video, or as a strip of a few frames."""

import numpy as np

from rnnzoo.datasets.common.atomic_write import atomic_file, writable
from rnnzoo.datasets.video import writer
from rnnzoo.datasets.video.caption import captioned
from rnnzoo.datasets.video.frames import video_length
from rnnzoo.datasets.video.reader import LIMITS, pyav
from rnnzoo.datasets.video.thumbnails import thumbnails
from rnnzoo.datasets.video.timed_frames import timed_frames

PICTURES = (".png", ".jpeg", ".jpg")
SUFFIXES = (writer.SUFFIX, *PICTURES)

FRAMES, COLUMNS, HEIGHT = 8, 4, 240  # of a strip; pixels
GAP, BACK = 4, 255  # pixels between frames, and their grey


def checked_output(path):
    """Returns `path` as a `Path` if `draw_labels` can write there; to call before long work.

    Raises:
        InputError: it has another suffix, its folder does not exist, or PyAV is not installed.
    """
    path = writable(path, *SUFFIXES)
    if path.suffix.lower() == writer.SUFFIX:
        pyav()
    return path


def draw_labels(path, video, over_time, limits=LIMITS, progress=None):
    """Writes a video with the most probable class and its probability drawn in.

    Args:
        path: path that ends in .mp4, for the whole video at its own frame rate, without sound; or
            in .png, .jpeg or .jpg, for a strip of eight frames. A file of that name is replaced by
            the complete one.
        video: str, path or bytes, that was classified.
        over_time: `rnnzoo.sequences.over_time.ClassesOverTime` of it.
        limits: `rnnzoo.datasets.video.reader.Limits`.
        progress: function of the frames and their number, which yields them; or None.

    Raises:
        InputError: the video cannot be read, or the file cannot be written.
    """
    path = checked_output(path)
    if path.suffix.lower() == writer.SUFFIX:
        _draw_video(path, video, over_time, limits, progress)
    else:
        _draw_strip(path, video, over_time, limits)


def label_at(over_time, seconds):
    """The class and its probability in words, such as `"golf 92%"`."""
    probabilities = over_time.probabilities[over_time.index_at(seconds)]
    best = probabilities.argmax()
    return f"{over_time.classes[best]} {probabilities[best]:.0%}"


def _draw_video(path, video, over_time, limits, progress):
    size, (_, count) = None, video_length(video, limits)
    with timed_frames(video, limits) as frames, writer.video_writer(path, frames.rate) as write:
        for frame in frames if progress is None else progress(frames, count):
            pixels = frame.pixels(size)
            size = pixels.shape[:2]  # of the first, should it change
            write(captioned(pixels, label_at(over_time, frame.seconds)), frame.seconds)


def _draw_strip(path, video, over_time, limits):
    from PIL import Image

    times, frames = thumbnails(video, min(FRAMES, len(over_time.times)), HEIGHT, limits)
    cells = [
        captioned(frame, f"{seconds:.1f} s  {label_at(over_time, seconds)}")
        for seconds, frame in zip(times, frames, strict=True)
    ]
    with atomic_file(path) as partial:
        Image.fromarray(_table(cells)).save(partial)


def _table(cells):
    """Frames of one size in rows, as one picture."""
    height, width, _ = cells[0].shape
    columns = min(COLUMNS, len(cells))
    rows = -(-len(cells) // columns)
    shape = rows * (height + GAP) - GAP, columns * (width + GAP) - GAP, 3
    page = np.full(shape, BACK, "uint8")
    for index, cell in enumerate(cells):
        top, left = (index // columns) * (height + GAP), (index % columns) * (width + GAP)
        page[top : top + height, left : left + width] = cell
    return page
