"""Cuts the text between the two marker lines out of Project Gutenberg's plain text files."""

import re

from rnnzoo.datasets.common.errors import InputError

_START = re.compile(r"^\*\*\* ?START OF TH(?:E|IS) PROJECT GUTENBERG EBOOK.*$", re.MULTILINE)
_END = re.compile(r"^\*\*\* ?END OF TH(?:E|IS) PROJECT GUTENBERG EBOOK.*$", re.MULTILINE)


def body(raw):
    """Cuts the wrapper off and ends every line with a plain line feed.

    Args:
        raw: bytes of the file as published, UTF-8, with or without a byte order mark.

    Returns:
        UTF-8 bytes of the text between the markers, without blank lines at either end.

    Raises:
        InputError: a marker line is missing.
    """
    text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    start, end = _START.search(text), _END.search(text)
    if start is None or end is None or end.start() < start.end():
        raise InputError("no Project Gutenberg text: expected its START and END marker lines")
    return (text[start.end() : end.start()].strip("\n") + "\n").encode()
