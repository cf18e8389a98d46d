"""Files and folders that appear under their name complete, or not at all.

What is written lies beside its name first, as `.partial-<process>-<name>`, and is renamed at the
end, when it is on the disk: after a power cut too it is complete or not there. After an exception
or an interrupt nothing is left of it.
"""

import contextlib
import os
import shutil
from pathlib import Path

from rnnzoo.datasets.common.durable import flush, flush_folder, rename_durably
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import not_written, reason_of, writing

PARTIAL = ".partial-"


def writable(path, *suffixes, since=""):
    """Returns `path` as a `Path` after a check that a file can be written there.

    Args:
        path: str or path.
        suffixes: str, the accepted ones, with the dot.
        since: str, the reason for them, at the end of the message.

    Raises:
        InputError: it has another suffix, is a folder, or its folder does not exist.
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
def atomic_file(path):
    """Yields a path to write to, which is renamed to `path` when the block has succeeded.

    Args:
        path: `pathlib.Path`; its folder is created, a file of that name is replaced.

    Yields:
        `pathlib.Path` in the same folder, with the same suffix.

    Raises:
        InputError: the path is that of a device, or the system did not let the file be written.
            Other exceptions of the block pass, those of files that it reads too.

    Example:

        with atomic_file(path) as partial, open(partial, "wb") as file:
            np.save(file, frames)
    """
    partial = _partial(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A device such as /dev/null would be replaced by a file.
        regular = path.is_file() or path.is_dir() or not path.exists()
    except OSError as problem:
        raise not_written(path, problem) from None
    if not regular:
        raise InputError(f"{path} is no regular file: give the path of one, or a new one")
    try:
        with writing(path, partial):
            yield partial
            rename_durably(partial, path)
    finally:
        with contextlib.suppress(OSError):  # as of a name that is too long
            partial.unlink(missing_ok=True)


@contextlib.contextmanager
def atomic_folder(path, replace=False):
    """Yields an empty folder to fill, which is renamed to `path` when the block has succeeded.

    Args:
        path: `pathlib.Path`; its parent is created.
        replace: bool, whether a folder of that name is replaced, see `replace_folder`; otherwise
            it stays, since another process has completed the same folder meanwhile.

    Yields:
        `pathlib.Path` beside it.

    Raises:
        InputError: the folder cannot be created or renamed, or the system did not let the block
            write into it. Other exceptions of the block pass unchanged.
    """
    partial = _partial(path)
    try:
        try:
            shutil.rmtree(partial, ignore_errors=True)  # of a killed process with the same number
            partial.mkdir(parents=True)
        except OSError as problem:
            raise not_written(path, problem) from None
        with writing(path, partial):
            yield partial
        try:
            if replace:
                replace_folder(partial, path)
            else:
                rename_durably(partial, path)
        except OSError as problem:
            if replace or not path.is_dir():
                raise not_written(path, problem) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def replace_folder(partial, path):
    """Renames a folder durably to the name of another one, which is removed.

    Between two renames nothing has the name. A process that is killed there leaves the earlier
    folder as `.partial-<process>-<name>-earlier`.

    Args:
        partial: `pathlib.Path` of the folder.
        path: `pathlib.Path` of the same parent; it need not exist.

    Raises:
        OSError: it cannot be renamed; the earlier folder has its name again then.
    """
    if not path.is_dir():
        rename_durably(partial, path)
        return
    flush(partial)  # before the moment without a folder
    earlier = _partial(path.with_name(f"{path.name}-earlier"))
    shutil.rmtree(earlier, ignore_errors=True)
    os.replace(path, earlier)
    try:
        os.replace(partial, path)
    except BaseException:
        os.replace(earlier, path)
        raise
    flush_folder(path.parent)
    shutil.rmtree(earlier, ignore_errors=True)


def remove_folder(path):
    """Removes a folder, which disappears from under its name at once.

    Args:
        path: `pathlib.Path`; of a link, what it leads to stays.

    Raises:
        InputError: it cannot be renamed or deleted.
    """
    partial = _partial(path)
    try:
        os.rename(path, partial)
        if partial.is_symlink():
            partial.unlink()
            return
        try:
            shutil.rmtree(partial)
        except BaseException:  # an interrupt
            shutil.rmtree(partial, ignore_errors=True)
            raise
    except OSError as problem:
        raise InputError(f"{path} cannot be removed: {reason_of(problem)}") from None


def write_text(path, text):
    """Writes a text in UTF-8 atomically, unless the file holds it already.

    Args:
        path: `pathlib.Path`.
        text: str; its line ends are written as they are.

    Raises:
        InputError: the file cannot be written.
    """
    content = text.encode()
    if path.is_file() and path.read_bytes() == content:
        return
    with atomic_file(path) as partial:
        partial.write_bytes(content)


def remove_partials(folder):
    """Removes what killed processes left of the files and folders in `folder`.

    To be called only where no other process can be writing to `folder`.

    Args:
        folder: `pathlib.Path`; it need not exist.
    """
    for path in folder.glob(f"{PARTIAL}*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _partial(path):
    return path.with_name(f"{PARTIAL}{os.getpid()}-{path.name}")
