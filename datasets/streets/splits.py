"""Splits of trips: each trip by itself, or identical trips together."""

import random

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import EVALUATED, SPLITS

BY = ("trip", "distinct")
LEAST = 10  # with fewer, a split would be empty


def split_trips(trips, by="trip", seed=0):
    """Splits trips 80:10:10, in an order shuffled with a seed.

    Args:
        trips: `Trips`.
        by: str, `"trip"`: each by itself, so that identical trips fall on both sides, see
            `seen_in_training`; or `"distinct"`: identical trips are in one split, and the shares
            are of distinct trips.
        seed: int, of `random.Random`.

    Returns:
        dict from split to int64 array, indices of trips, ascending.

    Raises:
        InputError: no such way to split, or fewer than ten trips, or distinct trips.
    """
    if by not in BY:
        raise InputError(f"by is {by!r}: choose one of {', '.join(BY)}")
    group = trips.first_identical() if by == "distinct" else np.arange(len(trips))
    order = np.unique(group).tolist()
    if len(order) < LEAST:
        kind = "distinct trips" if by == "distinct" else "trips"
        raise InputError(f"there are {len(order)} {kind}: give {LEAST} or more")
    random.Random(seed).shuffle(order)
    bounds = (0, len(order) * 8 // 10, len(order) * 9 // 10, len(order))
    return {
        split: np.flatnonzero(np.isin(group, order[start:stop]))
        for split, start, stop in zip(SPLITS, bounds[:-1], bounds[1:], strict=True)
    }


def seen_in_training(trips, parts):
    """Counts the duplicates across splits.

    Args:
        trips: `Trips`.
        parts: dict from split to indices, as `split_trips` returns it.

    Returns:
        dict from `"validation"` and `"test"` to int, their trips of which an identical one is in
        `"train"`.
    """
    group = trips.first_identical()
    train = np.unique(group[parts["train"]])
    return {split: int(np.isin(group[parts[split]], train).sum()) for split in EVALUATED}
