"""Names in the order that a person expects."""

import re


def natural_key(name):
    """A key to sort names by, with numbers as numbers.

    Args:
        name: str.

    Example:

    >>> sorted(["frame10", "frame2", "Frame1"], key=natural_key)
    ['Frame1', 'frame2', 'frame10']
    """
    parts = re.split(r"(\d+)", name)
    return [int(part) if index % 2 else part.lower() for index, part in enumerate(parts)], name
