"""Numbers as text files have them."""

import re

_NUMBER = re.compile(r"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|inf(?:inity)?)", re.I | re.A)


def number_of(text):
    """The float that a cell holds, or None.

    Not all that `float` takes is one: `8_3.5` is a misread cell.

    Example:

    >>> number_of(" 83.5 "), number_of("1e-3"), number_of("8_3.5"), number_of("83,5")
    (83.5, 0.001, None, None)
    """
    return float(text) if _NUMBER.fullmatch(text.strip()) else None
