"""Arguments that layers check when they are given."""

import math
import numbers

import keras
import numpy as np


def one_of(name, value, accepted):
    """Returns `value`.

    Raises:
        ValueError: it is none of those accepted.
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
        ValueError: it is not a whole number of at least `least`.
    """
    if not (is_whole_number(value) and value >= least):
        raise ValueError(f"{name} is {value!r}: give a whole number of at least {least}")
    return int(value)


def is_whole_number(value):
    """Whether a value is a whole number; True and False are not."""
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def check_has_steps(x):
    """Checks what goes into a recurrent model.

    Args:
        x: array or tensor (batch, time, ...), or several, nested.

    Raises:
        ValueError: there is no step in it.
    """
    for one in keras.tree.flatten(x):
        shape = tuple(np.shape(one))
        if 0 in shape[:2]:
            raise ValueError(f"x has shape {shape}: give at least one sequence of one step")


def check_finite(said, values):
    """Checks an array.

    Args:
        said: str, what holds them, with its verb: `"the inputs hold"`.
        values: NumPy array.

    Raises:
        ValueError: a number in it is not finite.
    """
    finite = np.isfinite(values)
    if not finite.all():
        raise ValueError(f"{said} {values[~finite].flat[0]}: give finite numbers")


def fraction(name, value):
    """Returns `value` as a float.

    Raises:
        ValueError: it is not a number above 0 and up to 1.
    """
    if not 0 < nonnegative(name, value) <= 1:
        raise ValueError(f"{name} is {value}: give a number above 0 and up to 1")
    return float(value)
