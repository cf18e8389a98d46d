"""Splits by time of three places; a fourth one is a test of its own, as a place never seen."""

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import check_split

PLACES = ("bangalore", "champion", "swift_current", "cordoba")
UNSEEN = ("cordoba",)
SEEN = tuple(place for place in PLACES if place not in UNSEEN)

# From each day on, up to the next one.
FIRST_DAYS = {"train": "0001-01-01", "validation": "2009-01-01", "test": "2013-01-01"}
SPLITS = (*FIRST_DAYS, "unseen")


def places_of(split):
    """Tuple of the places that have days in a split, or in several joined with `+`.

    Raises:
        InputError: no such split.
    """
    check_split(split, SPLITS)
    names = set(split.split("+"))
    seen = SEEN if names != {"unseen"} else ()
    return seen + (UNSEEN if "unseen" in names else ())


def split_days(place, split, days):
    """Slice of the days of a place that are in a split, or in several joined with `+`.

    Args:
        place: str, one of `PLACES`.
        split: str, of `SPLITS`; those of time have to follow each other.
        days: datetime64 array (days,), ascending.

    Raises:
        InputError: no such split; the place has no day in it; or the splits have others between.

    Example:

    >>> days = np.arange("2008-12-30", "2009-01-03", dtype="datetime64[D]")
    >>> split_days("champion", "train", days), split_days("champion", "validation", days)
    (slice(0, 2, None), slice(2, 4, None))
    """
    if place not in places_of(split):
        raise InputError(f"{place} has no day in the split {split}: choose another one")
    if place in UNSEEN:
        return slice(0, len(days))
    order = list(FIRST_DAYS)
    numbers = sorted(order.index(name) for name in set(split.split("+")) - {"unseen"})
    if numbers != list(range(numbers[0], numbers[-1] + 1)):
        raise InputError(f"{split} has days between its splits: give those that follow each other")
    bounds = np.searchsorted(days, np.array(list(FIRST_DAYS.values()), "datetime64[D]"))
    bounds = [*bounds.tolist(), len(days)]
    return slice(bounds[numbers[0]], bounds[numbers[-1] + 1])
