"""The names of the splits, and the rules that several kinds of data are split by."""

import hashlib

from rnnzoo.datasets.common.errors import InputError

SPLITS = ("train", "validation", "test")
EVALUATED = ("validation", "test")

# By position, the share of each split.
SHARES = {"train": 0.90, "validation": 0.05, "test": 0.05}

# By name, a sixth is for the test and a twelfth for validation.
TEST, VALIDATION = 6, 12


def check_split(split, known=SPLITS):
    """Checks the name of a split, or several that are joined with `+`.

    Args:
        split: str.
        known: collection of str, the splits that there are.

    Raises:
        InputError: a name is none of `known`.
    """
    for name in split.split("+"):
        if name not in known:
            raise InputError(f"unknown split {name!r}: choose one of {', '.join(known)}")


def split_by_position(sequence):
    """Cuts a sequence in its order: the first 90%, the next 5%, the last 5%.

    Neighbours never fall on two sides at random.

    Args:
        sequence: str, range or array, anything with a length that can be sliced.

    Returns:
        dict from split to its part of `sequence`.

    Example:

    >>> {split: len(part) for split, part in split_by_position("a" * 200).items()}
    {'train': 180, 'validation': 10, 'test': 10}
    """
    parts, start, share = {}, 0, 0.0
    for split, fraction in SHARES.items():
        share += fraction
        stop = round(len(sequence) * share)
        parts[split] = sequence[start:stop]
        start = stop
    return parts


def split_by_name(names):
    """Assigns each name to a split, at least one name to each.

    Names are ordered by their sha256, so the split depends neither on the order of files nor on
    when they were made.

    Args:
        names: collection of str, three or more, each once.

    Returns:
        dict from name to `"train"`, `"validation"` or `"test"`.
    """
    ordered = sorted(names, key=lambda name: hashlib.sha256(name.encode()).digest())
    test = max(1, round(len(ordered) / TEST))
    held_out = test + max(1, round(len(ordered) / VALIDATION))
    return {
        name: "test" if index < test else "validation" if index < held_out else "train"
        for index, name in enumerate(ordered)
    }
