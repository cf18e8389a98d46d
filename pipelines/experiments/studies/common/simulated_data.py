"""Seeds of simulated data, and windows of sequences."""


def load(phase):
    """Returns (training, held out), the names from which `key` derives seeds of simulated data."""
    return (phase, "training"), (phase, "held out")


def key(part, *numbers):
    """Returns a seed, a list of int, from ints and one of the names that `load` returns."""
    return [*numbers, *"/".join(part).encode()]


def windows(x, y, steps):
    """Returns the list of (x, y) of consecutive windows of two arrays (time, features)."""
    parts = (array.reshape(-1, steps, array.shape[1]) for array in (x, y))
    return list(zip(*parts, strict=True))
