"""Text of files that a user gave."""

from rnnzoo.datasets.common.errors import InputError

BOM = "\ufeff"  # the byte order mark that some editors write at the beginning of a text


def decoded(raw, name):
    """Decodes UTF-8, with or without a byte order mark; every line ends with a line feed.

    Args:
        raw: bytes.
        name: str or path, the name of the text in messages.

    Returns:
        str with more than white space.

    Raises:
        InputError: the bytes are binary, not UTF-8, or empty.
    """
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
