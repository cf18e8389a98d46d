"""The files with certain suffixes below a folder."""

import os
from pathlib import Path

from rnnzoo.datasets.common.natural_order import natural_key


def nested_files(folder, suffixes):
    """Files that end in one of `suffixes`, at any depth, in natural order.

    Hidden files and folders are left out; links to folders are not followed, they may lead in
    circles.

    Args:
        folder: `pathlib.Path`.
        suffixes: tuple of str, small letters, such as `".wav"`.

    Returns:
        list of `pathlib.Path`.
    """
    paths = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths += [Path(parent) / name for name in files if not name.startswith(".")]
    paths = [path for path in paths if path.suffix.lower() in suffixes and path.is_file()]
    return sorted(paths, key=lambda path: [*map(natural_key, path.relative_to(folder).parts)])
