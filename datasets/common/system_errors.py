"""Why the system refused to read or write a file, in one line that names the path."""

import contextlib
import errno
import os
import re
from pathlib import Path

from rnnzoo.datasets.common.errors import InputError

# The system's reasons against writing more, and further ones that concern one file. TensorFlow,
# HDF5 and others pass on the text alone.
_FULL = [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO]
_OTHERS = [
    errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ENOLCK, errno.EMFILE, errno.ENFILE,
    errno.ELOOP, errno.ENOTDIR, errno.EISDIR,
]  # fmt: skip
_SHORT = re.compile(r"\d+ requested and \d+ written")  # what NumPy says of a full disk
_PROBE = bytes(2**16)  # more than the system would buffer in a full block


def system_reason(problem):
    """The system's reason in an exception, such as "No space left on device".

    Args:
        problem: exception, of any library.

    Returns:
        str, or None if it has no such reason.
    """
    if isinstance(problem, OSError) and problem.errno in errno.errorcode:
        return os.strerror(problem.errno)
    text = str(problem)
    reasons = [os.strerror(code) for code in (*_FULL, *_OTHERS)]
    short = _SHORT.search(text)
    return next((reason for reason in reasons if reason in text), short and short[0])


def reason_of(problem):
    """The reason of any exception in one line: the system's, or the first line of its message."""
    lines = str(problem).strip().splitlines()
    return system_reason(problem) or (lines[0] if lines else type(problem).__name__)


def described(problem):
    """What a command prints of an exception: its message; of an `OSError` the file and reason."""
    if not isinstance(problem, OSError):
        return str(problem)
    named = "" if problem.filename is None else f"{problem.filename}: "
    return f"{named}{reason_of(problem)}"


@contextlib.contextmanager
def writing(path, partial=None):
    """Names a path that the block cannot write, whichever library the block writes with.

    Args:
        path: `pathlib.Path` of a file, or of a folder with the files that the block writes.
        partial: `pathlib.Path`, what is written until it is renamed to `path`; or None.

    Raises:
        InputError: the system did not let the block write `path`. Other exceptions pass, those of
            other files too.
    """
    try:
        yield
    except InputError:
        raise
    except Exception as problem:
        reason = _refusal(problem, [path, partial or path])
        if partial is not None and (reason is None or _SHORT.fullmatch(reason)):
            reason = probed(partial) or reason
        if reason is None:
            raise
        raise not_written(path, reason) from problem


def check_room(path, size):
    """Checks that a file of some size can be written, by writing and removing it.

    For libraries that do not survive a full disk.

    Args:
        path: `pathlib.Path` of a file that does not exist.
        size: int, bytes.

    Raises:
        OSError: it cannot.
    """
    try:
        with open(path, "wb") as file:
            for _ in range(-(-size // len(_PROBE))):
                file.write(_PROBE)
    finally:
        path.unlink(missing_ok=True)


def not_written(path, reason):
    """The `InputError` of a path that cannot be written.

    Args:
        path: str or path.
        reason: str, or the exception.
    """
    reason = reason if isinstance(reason, str) else reason_of(reason)
    return InputError(f"{path} cannot be written: {reason}")


def _refusal(problem, paths):
    """The system's reason against writing one of the paths; None if an exception has another."""
    reason, named = system_reason(problem), getattr(problem, "filename", None)
    if reason is None:
        return None
    if isinstance(named, str | bytes | os.PathLike):
        concerns = any(Path(os.fsdecode(named)).is_relative_to(path) for path in paths)
    else:
        full = reason in map(os.strerror, _FULL) or _SHORT.fullmatch(reason)
        concerns = full or any(str(path) in str(problem) for path in paths)
    return reason if concerns else None


def probed(partial):
    """The system's reason against writing more to a file or folder, which is tried out.

    For encoders such as libsndfile, which do not pass it on.

    Args:
        partial: `pathlib.Path`.

    Returns:
        str, or None if there is no such reason.
    """
    file = partial / ".probe" if partial.is_dir() else partial
    try:
        with open(file, "ab") as probe:
            probe.write(_PROBE)
    except OSError as problem:
        return system_reason(problem)
    finally:
        if file is not partial:
            file.unlink(missing_ok=True)
    return None
