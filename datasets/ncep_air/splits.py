"""Splits by time: a spring to choose by, and a summer and autumn to test on."""

import numpy as np

# From each day on, up to the next one.
FIRST_DAYS = {"train": "2013-01-01", "validation": "2014-04-01", "test": "2014-07-01"}
SPLITS = tuple(FIRST_DAYS)


def split_steps(times):
    """dict from split to the slice of its time steps.

    Args:
        times: datetime64 array (steps,), ascending.
    """
    bounds = np.searchsorted(times, np.array(list(FIRST_DAYS.values()), "datetime64[s]")).tolist()
    return dict(zip(SPLITS, map(slice, bounds, [*bounds[1:], len(times)]), strict=True))
