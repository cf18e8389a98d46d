"""Where a series of rates continues in another unit."""

import numpy as np

# No free currency has moved so far in a day; a change of unit has.
WRONG_UNIT = 20


def unit_change(values):
    """The index of the first rate that is 20 times the one before it, or as much less.

    Args:
        values: float array (time,), above 0.

    Returns:
        int, or None if there is none.

    Example:

    >>> import numpy as np
    >>> unit_change(np.array([70.0, 71.0, 0.7])), unit_change(np.array([70.0, 71.0]))
    (2, None)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        changes = np.flatnonzero(np.abs(np.diff(np.log(values))) >= np.log(WRONG_UNIT))
    return int(changes[0]) + 1 if len(changes) else None
