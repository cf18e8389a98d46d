"""XML of the traffic simulator SUMO, read without document types and entities."""

import xml.etree.ElementTree as ElementTree

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.utf8 import decoded

LARGEST = 256 * 2**20  # bytes


def xml_root(name, raw, tag, largest=LARGEST):
    """The root element of an XML file.

    Args:
        name: str or path, the name of the file in messages.
        raw: bytes, UTF-8.
        tag: str, that the root has to have.
        largest: int, bytes.

    Returns:
        `xml.etree.ElementTree.Element`.

    Raises:
        InputError: the file is too large, has a document type, which could define entities, is no
            XML, or has another root.
    """
    if len(raw) > largest:
        raise InputError(f"{name} has {len(raw):,} bytes: give at most {largest:,}")
    text = decoded(raw, name)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise InputError(f"{name} has a document type (<!DOCTYPE): give XML without one")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as problem:
        raise InputError(f"{name} is no XML ({problem}): give a file of SUMO") from None
    if root.tag != tag:
        raise InputError(f"{name} has the root <{root.tag}>: give a file of SUMO with <{tag}>")
    return root
