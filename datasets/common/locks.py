"""Locks that keep other processes out, released by the system however the process ends.

A lock is held on a file, see `filelock`, which is removed at the end. The file that a killed
process leaves behind locks nothing.
"""

import contextlib
from pathlib import Path

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import reason_of

NAME = ".lock"


@contextlib.contextmanager
def folder_lock(folder):
    """Holds a folder for this process; the lock is its file `.lock`.

    Args:
        folder: path of the folder, which is created.

    Raises:
        InputError: another process holds it, or the file cannot be written.
    """
    with _locked(Path(folder) / NAME, folder, wait=False):
        yield


@contextlib.contextmanager
def file_lock(path, wait=True):
    """Waits until no other process holds the lock of a file, and holds it.

    The lock is `.<name>.lock` beside the file, which may be replaced or need not exist.

    Args:
        path: path of the file; its folder is created.
        wait: bool; False refuses instead of waiting.

    Raises:
        InputError: the lock's file cannot be written, or another process holds it and `wait` is
            False.
    """
    path = Path(path)
    with _locked(path.with_name(f".{path.name}.lock"), path, wait):
        yield


@contextlib.contextmanager
def _locked(lock, subject, wait):
    from filelock import FileLock, Timeout  # 60 ms, which most commands need not pay

    held = FileLock(lock)
    try:
        held.acquire(timeout=-1 if wait else 0)
    except Timeout:
        raise InputError(
            f"another process is at work in {subject}: wait until it has ended"
        ) from None
    except OSError as problem:
        raise InputError(f"{subject} cannot be locked: {lock}: {reason_of(problem)}") from None
    try:
        yield
    finally:
        # While the lock is held: whoever waits for the removed file takes a new one, see filelock.
        with contextlib.suppress(OSError):
            lock.unlink(missing_ok=True)
        held.release()
