"""That frames have the size they should have: nothing is resized unasked."""

from rnnzoo.datasets.common.errors import InputError


def check_size(name, actual, size):
    """Compares a frame's size with the expected size.

    Args:
        name: name of the frames in messages.
        actual: (height, width).
        size: (height, width), or None to accept any.

    Raises:
        InputError: they differ.
    """
    if size is not None and tuple(actual) != tuple(size):
        raise InputError(
            f"{name} has frames of {shown(actual)} pixels (height x width): give {shown(size)}, "
            "nothing is resized"
        )


def check_same(name, actual, other, expected):
    """Compares the size of frames with that of others beside them.

    Args:
        name, other: names of both in messages.
        actual, expected: (height, width) of the frames and of the others.

    Raises:
        InputError: they differ.
    """
    if tuple(actual) != tuple(expected):
        raise InputError(
            f"{name} has frames of {shown(actual)} pixels and {other} of {shown(expected)} "
            "(height x width): give all of one size"
        )


def shown(size):
    """(18, 20) as 18 x 20."""
    return f"{size[0]} x {size[1]}"
