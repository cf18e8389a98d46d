"""The splits of both series, all by time."""

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SPLITS

# First day of each split, and the first day after the last. [NB] trains from January 1980 to
# February 2011 and tests from March 2011 to August 2017; its three last years of training, with
# the crisis of 2008 in them, are held back for choices.
BY_DATE = {
    "fred": ("1980-01-01", "2008-03-01", "2011-03-01", "2017-09-01"),
    # Not [NB]'s: the years at hand begin in 2010.
    "ohlc": ("2010-01-01", "2015-01-01", "2016-01-01", "2018-01-01"),
}

# [NB] counts as well: 8,000 days to train on, the rest to test on. Its two rules differ.
BY_COUNT, HELD_BACK = 8000, 750

SPLITS_OF = {
    "fred": (*SPLITS, *(f"count_{split}" for split in SPLITS)),
    "ohlc": SPLITS,
}


def split_rows(name, dates):
    """The rows of each split.

    Args:
        name: str, `"fred"` or `"ohlc"`.
        dates: datetime64 array (time,), ascending.

    Returns:
        dict from split to a slice of the rows.

    Raises:
        InputError: a split would be empty.
    """
    limits = np.array(BY_DATE[name], "datetime64[D]")
    bounds = dates.searchsorted(limits).tolist()
    slices = _slices("", bounds)
    if name == "fred":
        first = bounds[0]
        counted = [first, first + BY_COUNT - HELD_BACK, first + BY_COUNT, len(dates)]
        slices |= _slices("count_", counted)
    for split, rows in slices.items():
        if rows.start >= rows.stop:
            raise InputError(f"the rates have no row in the split {split}: give rates of its years")
    return slices


def _slices(prefix, bounds):
    ends = zip(SPLITS, bounds[:-1], bounds[1:], strict=True)
    return {prefix + split: slice(start, stop) for split, start, stop in ends}
