"""The files of some kinds below a folder."""

import os
from pathlib import Path

from rnnzoo.datasets.frames.folders import natural


def nested_files(folder, suffixes):
    """Files that end in one of `suffixes`, at any depth, in natural order.

    What is hidden is passed over; links to folders are not followed, they may lead in circles.

    Args:
        folder: `pathlib.Path`.
        suffixes: tuple of str, small letters, such as `".wav"`.

    Returns:
        list of `pathlib.Path`.
    """
    found = []
    for where, inside, files in os.walk(folder):
        inside[:] = [name for name in inside if not name.startswith(".")]
        found += [Path(where) / name for name in files if not name.startswith(".")]
    found = [path for path in found if path.suffix.lower() in suffixes and path.is_file()]
    return sorted(
        found, key=lambda path: [natural(Path(part)) for part in path.relative_to(folder).parts]
    )
