"""Splits by time: a calm test in autumn 2019, and one in spring 2020, when a pandemic began.

The winter between them is the history of the second.
"""

import numpy as np

# From each day on, up to the next one.
FIRST_DAYS = {
    "train": "2019-01-01",
    "validation": "2019-08-01",
    "test": "2019-09-01",
    "between": "2019-12-01",
    "broken": "2020-03-01",
    "after": "2020-06-01",
}
SPLITS = ("train", "validation", "test", "between", "broken")


def split_steps(times):
    """dict from split to the slice of its time steps.

    Args:
        times: datetime64 array (steps,), ascending.
    """
    bounds = np.searchsorted(times, np.array(list(FIRST_DAYS.values()), "datetime64[s]"))
    ends = [*bounds[1:], len(times)]
    slices = dict(zip(FIRST_DAYS, map(slice, bounds.tolist(), map(int, ends)), strict=True))
    return {split: slices[split] for split in SPLITS}
