"""Checks of a path that a user gave, with the system's reason against it."""

import os

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import reason_of


def check_file(path, give):
    """Checks that a path is a file that can be read.

    Args:
        path: str or path.
        give: str, what would be accepted: `"give a UTF-8 text file"`.

    Raises:
        InputError: it does not exist, is no file, or cannot be read; with the system's reason.
    """
    check_exists(path, give)
    if not os.path.isfile(path):
        raise InputError(f"{path} is no file: {give}")
    try:
        open(path, "rb").close()
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {reason_of(problem)}") from None


def check_exists(path, give):
    """Checks that there is something at a path.

    Args:
        path, give: as for `check_file`.

    Raises:
        InputError: it does not exist, or the system does not say.
    """
    try:
        os.stat(path)
    except FileNotFoundError:
        if os.path.islink(path):
            target = os.path.realpath(path)
            raise InputError(
                f"{path} is a link to {target}, which does not exist: {give}"
            ) from None
        raise InputError(f"{path} does not exist: {give}") from None
    except (OSError, ValueError) as problem:
        raise InputError(f"{path} cannot be read: {reason_of(problem)}") from None


def file_bytes(path):
    """The content of a file.

    Args:
        path: `pathlib.Path`.

    Returns:
        bytes.

    Raises:
        InputError: it cannot be read; with its path and the system's reason, which an `OSError` of
            reading does not name.
    """
    try:
        return path.read_bytes()
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {reason_of(problem)}") from None
