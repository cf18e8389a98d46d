"""The two folders outside the package: one to read sources from, one to cache in."""

import os
from pathlib import Path

import platformdirs

from rnnzoo.datasets.errors import InputError


def data_dir():
    """The folder of sources already downloaded, or None where none is named.

    Raises:
        InputError: `RNNZOO_DATA_DIR` names something that is no folder.
    """
    named = os.environ.get("RNNZOO_DATA_DIR")
    if not named:
        return None
    folder = Path(named).expanduser()
    if not folder.is_dir():
        raise InputError(f"RNNZOO_DATA_DIR={named} is no folder: name an existing one or unset it")
    return folder


def cache_dir():
    """The folder for downloads and prepared data: `RNNZOO_CACHE_DIR` or the system's own."""
    named = os.environ.get("RNNZOO_CACHE_DIR")
    return Path(named).expanduser() if named else Path(platformdirs.user_cache_dir("rnnzoo"))
