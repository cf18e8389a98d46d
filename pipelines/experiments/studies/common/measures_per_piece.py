"""Measures of raw results with one value per piece of music."""


def mean(key):
    """Returns the function of a measure: the mean over the pieces."""
    return lambda cell, control: sum(cell[key]) / len(cell[key])


def of_piece(key, index):
    """Returns the function of a measure: the value of one piece."""
    return lambda cell, control: cell[key][index]


def wins(key, better):
    """Returns the function of a measure: pieces with a better value than in the control.

    For the control itself it is half of the pieces.

    Args:
        key: str.
        better: `"lower"` or `"higher"`.
    """
    sign = {"lower": -1, "higher": 1}[better]

    def count(cell, control):
        if control is None:
            return len(cell[key]) / 2  # the value of no difference
        pairs = zip(cell[key], control[key], strict=True)
        return float(sum(sign * own > sign * other for own, other in pairs))

    return count
