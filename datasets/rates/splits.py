"""Splits of a user's rates, by time."""

from rnnzoo.datasets.common.errors import InputError

# A tenth of it is 50 days: fewer can neither calibrate nor judge an interval that one day in ten
# leaves.
NEEDED = 500


def split_places(count):
    """80% to learn from, 10% to choose and calibrate by, 10% to judge by, oldest first.

    Args:
        count: int, rows.

    Returns:
        dict from split to a slice of the rows.

    Raises:
        InputError: there are fewer than 500 rows.

    Example:

    >>> split_places(1000)["validation"]
    slice(800, 900, None)
    """
    if count < NEEDED:
        raise InputError(
            f"{count} rates are too few to train, to calibrate and to judge: give at least {NEEDED}"
        )
    first, second = count * 8 // 10, count * 9 // 10
    return {
        "train": slice(0, first),
        "validation": slice(first, second),
        "test": slice(second, count),
    }
