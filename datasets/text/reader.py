"""Reads a user's text file."""

from pathlib import Path

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.utf8 import decoded


def read_text(path):
    """Returns the text of a UTF-8 file with its lines ended by line feeds.

    Raises:
        InputError: the file is missing, a folder, empty, binary or not UTF-8.
    """
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path} is a folder: give a text file")
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path} does not exist: give a UTF-8 text file") from None
    return decoded(raw, path)
