"""The files that a command writes are none of those that it reads."""

import os

from rnnzoo.datasets.common.errors import InputError


def check_written(options, *written, read=()):
    """Checks the paths that a command writes to, before anything runs.

    Links are the files that they lead to.

    Args:
        options: `argparse.Namespace`.
        written: str, names of the options of what it writes; those that are None are left out.
        read: collection of str, names of the arguments of files that it reads.

    Raises:
        InputError: a path is empty, or it is that of a file that is read, or written by another
            option.

    Example:

        check_written(options, "plot", "out", read=["data"])
    """
    others = [path for path in (getattr(options, name) for name in read) if path]
    for name in written:
        path = getattr(options, name)
        if path is None:
            continue
        if not path:
            raise InputError(f"--{name} is '': give a path, or leave it out")
        for other in others:
            if _same(path, other):
                raise InputError(f"{path} would replace {other}: give another path")
        others.append(path)


def _same(path, other):
    if os.path.realpath(path) == os.path.realpath(other):
        return True
    return os.path.exists(path) and os.path.exists(other) and os.path.samefile(path, other)
