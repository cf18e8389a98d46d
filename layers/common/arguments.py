"""Checks of arguments."""

import math
import numbers

import keras
import numpy as np


def one_of(name, value, accepted):
    """Returns `value`.

    Raises:
        ValueError: it is not in `accepted`.
    """
    if value not in accepted:
        raise ValueError(f"{name} is {value!r}: choose one of {', '.join(map(repr, accepted))}")
    return value


def nonnegative(name, value):
    """Returns `value` as a float.

    Raises:
        ValueError: it is not a finite number of at least 0.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise ValueError(f"{name} is {value!r}: give a number of at least 0")
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{name} is {value}: give a finite number of at least 0")
    return float(value)


def whole_number(name, value, least=1):
    """Returns `value` as an int.

    Raises:
        ValueError: it is not an integer of at least `least`.
    """
    if not (is_whole_number(value) and value >= least):
        raise ValueError(f"{name} is {value!r}: give a whole number of at least {least}")
    return int(value)


def is_whole_number(value):
    """Whether a value is an integer; True and False are not."""
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def check_has_steps(x):
    """Checks the inputs of a recurrent model.

    Args:
        x: array or tensor (batch, time, ...), or a nested structure of them.

    Raises:
        ValueError: there is no sequence or no time step.
    """
    for values in keras.tree.flatten(x):
        shape = tuple(np.shape(values))
        if 0 in shape[:2]:
            raise ValueError(f"x has shape {shape}: give at least one sequence of one step")


def check_finite(subject, values):
    """Checks that all numbers are finite.

    Args:
        subject: str, the beginning of the message: `"the inputs hold"`.
        values: NumPy array.

    Raises:
        ValueError: a number is not finite.
    """
    finite = np.isfinite(values)
    if not finite.all():
        raise ValueError(f"{subject} {values[~finite].flat[0]}: give finite numbers")


def fraction(name, value):
    """Returns `value` as a float.

    Raises:
        ValueError: it is not a number above 0 and up to 1.
    """
    if not 0 < nonnegative(name, value) <= 1:
        raise ValueError(f"{name} is {value}: give a number above 0 and up to 1")
    return float(value)
