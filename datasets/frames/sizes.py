"""That frames have the size they should have: nothing is resized unasked."""

from rnnzoo.datasets.common.errors import InputError


def check_size(name, found, size):
    """Compares a frame's size with the one that is wanted.

    Args:
        name: what a message calls the frames.
        found: (height, width).
        size: (height, width), or None where any will do.

    Raises:
        InputError: they differ.
    """
    if size is not None and tuple(found) != tuple(size):
        raise InputError(
            f"{name} has frames of {shown(found)} pixels (height x width): give {shown(size)}, "
            "nothing is resized"
        )


def check_same(name, found, other, expected):
    """Compares the size of frames with that of others beside them.

    Args:
        name, other: what a message calls them.
        found, expected: (height, width) of each.

    Raises:
        InputError: they differ.
    """
    if tuple(found) != tuple(expected):
        raise InputError(
            f"{name} has frames of {shown(found)} pixels and {other} of {shown(expected)} "
            "(height x width): give all of one size"
        )


def shown(size):
    """(18, 20) as 18 x 20."""
    return f"{size[0]} x {size[1]}"
