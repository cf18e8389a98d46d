"""Data that experiments simulate: their seeds, and windows of them."""


def load(phase):
    """What tells simulated data of the phases, and of training and held out, from each other."""
    return (phase, "training"), (phase, "held out")


def key(kind, *numbers):
    """A seed for data: of the ints, and of one of those that `load` returns."""
    return [*numbers, *"/".join(kind).encode()]


def windows(x, y, steps):
    """[(x, y)] of consecutive windows of two arrays (time, features)."""
    parts = (one.reshape(-1, steps, one.shape[1]) for one in (x, y))
    return list(zip(*parts, strict=True))
