"""Splits by position: neighbouring characters never fall on two sides at random."""

SHARES = {"train": 0.90, "validation": 0.05, "test": 0.05}


def split_by_position(text):
    """Cuts a sequence in reading order: the first 90%, the next 5%, the last 5%.

    Returns:
        dict from split name to its part of `text`.

    Example:

    >>> {name: len(part) for name, part in split_by_position("a" * 200).items()}
    {'train': 180, 'validation': 10, 'test': 10}
    """
    parts, start, share = {}, 0, 0.0
    for name, fraction in SHARES.items():
        share += fraction
        end = round(len(text) * share)
        parts[name] = text[start:end]
        start = end
    return parts
