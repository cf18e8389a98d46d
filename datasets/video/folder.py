"""Lists a folder of videos with one sub-folder per class, without opening any."""

from rnnzoo.datasets.common.class_folders import labelled_files
from rnnzoo.datasets.video.reader import SUFFIXES


def video_clips(folder):
    """The videos of a folder, in natural order, and its classes; see `labelled_files`.

    Args:
        folder: str or path.

    Returns:
        (list of `Clip`, list of str, the classes in order).

    Raises:
        InputError: it is no folder, or has videos of fewer than two classes.
    """
    return labelled_files(folder, SUFFIXES, "videos")
