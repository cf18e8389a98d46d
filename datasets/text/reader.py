"""Reads a user's text file."""

from pathlib import Path

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.paths import check_exists
from rnnzoo.datasets.common.system_errors import reason_of
from rnnzoo.datasets.common.utf8 import decoded


def read_text(path):
    """Returns the text of a UTF-8 file with its lines ended by line feeds.

    Raises:
        InputError: the file is missing, a folder, empty, binary or not UTF-8.
    """
    path = Path(path)
    check_exists(path, "give a UTF-8 text file")
    if path.is_dir():
        raise InputError(f"{path} is a folder: give a UTF-8 text file")
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {reason_of(problem)}") from None
    return decoded(raw, path)
