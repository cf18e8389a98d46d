"""Splits of a user's rates by time."""

from rnnzoo.datasets.common.errors import InputError

# A tenth is 50 days: fewer can neither calibrate nor evaluate an interval that one day in ten is
# outside of.
NEEDED = 500


def split_rows(count):
    """The rows of each split, oldest first: 80% training, 10% validation, 10% test.

    Args:
        count: int, rows.

    Returns:
        dict from split to a slice of the rows.

    Raises:
        InputError: there are fewer than 500 rows.

    Example:

    >>> split_rows(1000)["validation"]
    slice(800, 900, None)
    """
    if count < NEEDED:
        raise InputError(
            f"{count} rates are too few to train, to calibrate and to evaluate: give at least "
            f"{NEEDED}"
        )
    first, second = count * 8 // 10, count * 9 // 10
    return {
        "train": slice(0, first),
        "validation": slice(first, second),
        "test": slice(second, count),
    }
