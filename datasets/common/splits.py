"""Which side of a split something is on, by its name alone."""

import hashlib

SPLITS = ("train", "validation", "test")

# A sixth to judge by, and a twelfth, held out of what is trained on, to choose by.
TEST, VALIDATION = 6, 12


def sides_by_name(names):
    """dict from name to `"train"`, `"validation"` or `"test"`, at least one name on each side.

    Names are ordered by their sha256, so the split depends neither on the order of files nor on
    when they were made.

    Args:
        names: collection of str, three or more, each once.
    """
    ordered = sorted(names, key=lambda name: hashlib.sha256(name.encode()).digest())
    test = max(1, round(len(ordered) / TEST))
    held = test + max(1, round(len(ordered) / VALIDATION))
    return {
        name: "test" if place < test else "validation" if place < held else "train"
        for place, name in enumerate(ordered)
    }
