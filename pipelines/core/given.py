"""A user's data in the cache, where the stages find it by its sha256."""

import os


def keep(path, write, replace=False):
    """Writes a file under its name only once complete.

    Args:
        path: Path; the folder is made.
        write: function from an open binary file to None.
        replace: bool, whether one that is there gives way; otherwise it stays.
    """
    if path.is_file() and not replace:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial-{os.getpid()}")
    try:
        with open(partial, "wb") as file:
            write(file)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
