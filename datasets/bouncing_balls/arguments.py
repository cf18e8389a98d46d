"""Checks of the simulator's arguments."""

import numpy as np

from rnnzoo.datasets.common.arguments import is_number
from rnnzoo.datasets.common.errors import InputError


def per_ball(name, value, balls):
    """float64 array (balls,) of one positive number for all, or of one for each.

    Raises:
        InputError: a number is not finite and positive, or there are more or fewer than balls.
    """
    several = isinstance(value, tuple | list | np.ndarray)
    listed = list(value) if several else [value] * balls
    if len(listed) != balls:
        raise InputError(f"{name} has {len(listed)} numbers: give one, or one for each of {balls}")
    for number in listed:
        if not is_number(number) or number <= 0:
            raise InputError(f"{name} is {number!r}: give finite numbers above 0")
    return np.array(listed, "float64")


def speed_range(value):
    """(least, most) of one number of pixels per frame, or of a pair.

    Raises:
        InputError: a number is not finite or is negative, or the pair falls.
    """
    pair = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(pair) != 2 or not all(is_number(number) and number >= 0 for number in pair):
        raise InputError(f"speed is {value!r}: give a number of at least 0, or a pair of them")
    if pair[0] > pair[1]:
        raise InputError(f"speed is {value!r}: give a pair (least, most)")
    return float(pair[0]), float(pair[1])
