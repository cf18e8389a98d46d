"""Splits of a user's frames: whole sequences, or stretches of time where there are few."""

import hashlib

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.near_duplicates import report
from rnnzoo.datasets.common.splits import split_by_position

# Smallest number of sequences of which whole ones are held out: 5% of fewer are none.
ENOUGH = 20

# Frames that each part of a sequence needs: one as input and one to predict.
LEAST = 2


def split_frames(frames):
    """Splits frames in their order: 90% training, 5% validation, 5% test.

    Args:
        frames: array (sequences, steps, height, width).

    Returns:
        dict from split to array: whole sequences if there are 20 different ones or more, equal ones
        in one split, which is reported on standard error; else of every sequence its first 90%, the
        next 5% and the last 5% of the steps.

    Raises:
        InputError: the sequences are too few and too short.
    """
    first = _first_of_equal(frames)
    if len(set(first)) >= ENOUGH:
        return _whole_sequences(frames, first)
    parts = split_by_position(frames.swapaxes(0, 1))
    if min(len(part) for part in parts.values()) < LEAST:
        needed = next(n for n in range(1, 1000) if _shortest(n) >= LEAST)
        raise InputError(
            f"{len(frames)} sequences of {frames.shape[1]} frames are too few for the splits: give "
            f"{ENOUGH} sequences or {needed} frames of each"
        )
    return {split: part.swapaxes(0, 1) for split, part in parts.items()}


def _first_of_equal(frames):
    """The index of the first equal sequence of each: list of int."""
    digests = [hashlib.sha256(np.ascontiguousarray(sequence)).digest() for sequence in frames]
    indices = {}
    return [indices.setdefault(digest, index) for index, digest in enumerate(digests)]


def _whole_sequences(frames, first):
    if first == list(range(len(frames))):
        return split_by_position(frames)
    report({f"sequence {index}": f"sequence {earliest}" for index, earliest in enumerate(first)})
    parts = split_by_position(sorted(set(first)))
    return {split: frames[np.isin(first, part)] for split, part in parts.items()}


def _shortest(steps):
    return min(len(part) for part in split_by_position(range(steps)).values())
