"""Measures of raw results that have a number for each piece of music."""


def mean(key):
    """The mean over the pieces."""
    return lambda cell, control: sum(cell[key]) / len(cell[key])


def of_piece(key, place):
    """The number of one piece."""
    return lambda cell, control: cell[key][place]


def wins(key, better):
    """How many pieces have a better number than in the control; of that itself, half of them.

    Args:
        key: str.
        better: `"lower"` or `"higher"`.
    """
    sign = {"lower": -1, "higher": 1}[better]

    def count(cell, control):
        if control is None:
            return len(cell[key]) / 2  # what no difference would come to
        pairs = zip(cell[key], control[key], strict=True)
        return float(sum(sign * own > sign * other for own, other in pairs))

    return count
