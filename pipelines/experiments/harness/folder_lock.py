"""Keeps a second process out of a folder."""

import contextlib
import fcntl
import os

from rnnzoo.datasets.common.errors import InputError


@contextlib.contextmanager
def alone(folder):
    """Holds a folder for this process; the system lets go of it however the process ends.

    Raises:
        InputError: another process holds it.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise InputError(
            f"another process is at work in {folder}: wait until it has ended"
        ) from None
    finally:
        os.close(handle)
