"""Renames that survive a power cut: a name leads to content that is on the disk.

A system may write a rename to the disk before the content of the renamed file, which is then empty
after a power cut. On macOS `fsync` passes the content to the drive, which may still hold it in its
own cache.
"""

import concurrent.futures
import errno
import os
import stat

# What file systems that have no fsync, or none of folders, answer to it.
_REFUSED = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EBADF}
_THREADS = 8  # the file system writes its journal once for those that wait together


def rename_durably(partial, path):
    """Renames a file or folder once its content is on the disk, then writes the name there too.

    Args:
        partial: `pathlib.Path` of a file, or of a folder with files and folders below it.
        path: `pathlib.Path` on the same file system; a file of that name is replaced.

    Raises:
        OSError: the system does not write the content, or not the name.
    """
    flush(partial)
    os.replace(partial, path)
    flush_folder(path.parent)


def flush(path):
    """Waits until a file, or all files and folders from a folder down, are on the disk.

    Links and devices are left out.

    Args:
        path: `pathlib.Path`.

    Raises:
        OSError: the system does not write them.
    """
    if not path.is_dir():
        _flush_file(path)
        return
    files, folders = [], []
    for folder, _, names in os.walk(path):
        folders.append(folder)
        files += [os.path.join(folder, name) for name in names]
    if len(files) > 1:
        with concurrent.futures.ThreadPoolExecutor(min(len(files), _THREADS)) as threads:
            list(threads.map(_flush_file, files))
    else:
        for file in files:
            _flush_file(file)
    for folder in reversed(folders):  # each after what is in it
        flush_folder(folder)


def flush_folder(folder):
    """Waits until the names in a folder are on the disk, where the system can open folders.

    Windows cannot, and writes them by itself.

    Args:
        folder: path.

    Raises:
        OSError: the system does not write them.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    _flush_handle(handle)


def _flush_file(path):
    if not stat.S_ISREG(os.lstat(path).st_mode):
        return
    # Windows flushes only what is open for writing.
    _flush_handle(os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY))


def _flush_handle(handle):
    try:
        os.fsync(handle)
    except OSError as problem:
        if problem.errno not in _REFUSED:
            raise
    finally:
        os.close(handle)
