"""Reads a user's own text file, or says in a line why it cannot be one."""

from pathlib import Path

from rnnzoo.datasets.common.errors import InputError


def read_text(path):
    """Returns the text of a UTF-8 file with its lines ended by line feeds.

    Raises:
        InputError: the file is missing, a folder, empty, binary or not UTF-8.
    """
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path} is a folder: give a text file")
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path} does not exist: give a UTF-8 text file") from None
    return decoded(raw, path)


def decoded(raw, name):
    """Decodes bytes as UTF-8 text; `name` is what a message calls them."""
    if b"\0" in raw:
        raise InputError(
            f"{name} is binary or UTF-16 (a zero byte at {raw.index(0)}): give a UTF-8 text file"
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise InputError(
            f"{name} is not UTF-8 (byte 0x{raw[problem.start]:02x} at {problem.start}): "
            "convert it, for example with `iconv -t UTF-8`"
        ) from None
    if not text.strip():
        raise InputError(f"{name} is empty: give a UTF-8 text file with something in it")
    return text.replace("\r\n", "\n").replace("\r", "\n")
