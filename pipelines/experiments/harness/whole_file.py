"""Files that appear whole under their name, or not at all."""

import contextlib
import os


@contextlib.contextmanager
def replacing(path):
    """Gives a path to write to, which takes the place of `path` if the block succeeds.

    Only one process at a time may write a file; what a killed one left is written over.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        yield partial
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path, text):
    """Writes a text, unless the file holds it already."""
    if path.is_file() and path.read_bytes() == text.encode():
        return
    with replacing(path) as partial:
        partial.write_bytes(text.encode())
