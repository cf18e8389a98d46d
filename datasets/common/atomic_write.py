"""A file that a user has asked for: looked at before long work, and whole once it has its name."""

import contextlib
import os
from pathlib import Path

from rnnzoo.datasets.common.errors import InputError


def writable(path, *suffixes, since=""):
    """Returns `path` as a `Path`.

    Args:
        path: str or path.
        suffixes: str, what it may end in.
        since: str, why it has to, at the end of the message.

    Raises:
        InputError: it ends otherwise, is a folder, or is in none.
    """
    path = Path(path)
    if path.suffix.lower() not in suffixes:
        expected = ", ".join(suffixes)
        raise InputError(f"{path} does not end in {expected}: give a path that does{since}")
    if os.path.isdir(path):
        raise InputError(f"{path} is a folder: give the path of a file")
    if not os.path.isdir(path.absolute().parent):
        raise InputError(f"{path.absolute().parent} is no folder: give a path in an existing one")
    return path


@contextlib.contextmanager
def completed(path):
    """A path to write to, which gets its name once the block has ended well.

    Args:
        path: `pathlib.Path`; a file of that name is replaced.

    Yields:
        `pathlib.Path` beside it.

    Raises:
        InputError: the file cannot be written.
    """
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        try:
            yield partial
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as problem:
        raise InputError(f"{path} cannot be written: {problem.strerror or problem}") from None
