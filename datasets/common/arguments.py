"""Checks of arguments that several data sets take."""

import math
import numbers

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown


def whole(name, value, least=1):
    """Returns `value` as an int.

    Raises:
        InputError: it is not a whole number of at least `least`.
    """
    good = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not good or value < least:
        raise InputError(f"{name} is {shown(value)}: give a whole number of at least {least}")
    return int(value)


def is_number(value):
    """Whether a value is a finite real number; True and False are not."""
    real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    try:
        return real and math.isfinite(value)
    except OverflowError:  # an int that is no float
        return False


def frame_size(value):
    """(height, width) in pixels, of a whole number for both or a pair.

    Raises:
        InputError: it is neither.
    """
    pair = value if isinstance(value, tuple | list) else (value, value)
    if len(pair) != 2:
        raise InputError(f"size is {shown(value)}: give a whole number or a pair (height, width)")
    return whole("size", pair[0]), whole("size", pair[1])


def checked_seed(value):
    """A seed as `numpy.random.default_rng` takes it: an int, or a list of ints.

    Raises:
        InputError: it is neither, or an int is negative.
    """
    several = isinstance(value, tuple | list) or (isinstance(value, np.ndarray) and value.ndim)
    for number in value if several else [value]:
        good = isinstance(number, numbers.Integral) and not isinstance(number, bool)
        if not good or number < 0:
            raise InputError(
                f"seed is {shown(number)}: give a whole number of at least 0, or a sequence of them"
            )
    return [int(number) for number in value] if several else int(value)
