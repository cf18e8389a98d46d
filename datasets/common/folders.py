"""The two folders outside the package: one to read sources from, one to cache in."""

import os
import sys
from pathlib import Path

import platformdirs

from rnnzoo.datasets.common.errors import InputError


def named_folder(variable):
    """The folder that an environment variable names, or None where it is not set.

    Raises:
        InputError: it begins with the home folder of an unknown user.
    """
    value = os.environ.get(variable)
    try:
        return Path(value).expanduser() if value else None
    except RuntimeError:
        raise InputError(f"{variable}={value} is no folder: there is no such user") from None


def data_dir():
    """The folder of sources already downloaded, or None where none is named.

    Raises:
        InputError: `RNNZOO_DATA_DIR` names something that is no folder.
    """
    folder = named_folder("RNNZOO_DATA_DIR")
    if folder is not None and not folder.is_dir():
        raise InputError(f"RNNZOO_DATA_DIR={folder} is no folder: name an existing one or unset it")
    return folder


def cache_dir():
    """The folder for downloads and prepared data: `RNNZOO_CACHE_DIR` or the system's own.

    Raises:
        InputError: it is a file, or a link to a folder that does not exist.
    """
    named = named_folder("RNNZOO_CACHE_DIR")
    path = named or Path(platformdirs.user_cache_dir("rnnzoo"))
    if reason := obstacle(path):
        raise InputError(f"the cache {path} cannot be used: {reason}")
    return path


def obstacle(path):
    """Why a path is no folder and cannot become one.

    A link to a folder that does not exist is not followed: its disk may not be mounted.

    Args:
        path: `pathlib.Path`.

    Returns:
        str, or None if there is no obstacle.
    """
    try:
        str(path).encode()  # as TensorFlow does
    except UnicodeEncodeError:
        encoding = sys.getfilesystemencoding()
        return f"its name is not {encoding}, the encoding of paths here: set PYTHONUTF8=1"
    for part in (path, *path.parents):
        if os.path.isdir(part):
            return None
        if os.path.islink(part):
            return f"{part} is a link to {os.path.realpath(part)}, which does not exist"
        if os.path.lexists(part):
            return f"{part} is no folder"
    return None
