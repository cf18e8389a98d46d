"""The copying problem: symbols are repeated after a long pause."""

import numpy as np

SYMBOLS, LENGTH = 8, 10
BLANK, GO = SYMBOLS, SYMBOLS + 1
CLASSES = SYMBOLS + 2


def baseline(pause):
    """Nats per step of a model that knows all but the symbols: LENGTH ln SYMBOLS over all steps."""
    return LENGTH * np.log(SYMBOLS) / (pause + 2 * LENGTH)


def copying(count, pause, seed):
    """Ten symbols, a pause, a sign, and the ten symbols again; Arjovsky, Shah and Bengio, 2016.

    Args:
        count: int, sequences.
        pause: int, steps from the last symbol to the first answer, at least 1.
        seed: int or sequence of ints.

    Returns:
        x: uint8 array (count, pause + 20, 10), one-hot: the symbols, blanks, the sign one step
            before the answer, blanks.
        y: uint8 array (count, pause + 20), the class of each step: blank, then the symbols.
    """
    rng = np.random.default_rng(seed)
    symbols = rng.integers(SYMBOLS, size=(count, LENGTH), dtype="uint8")
    steps = pause + 2 * LENGTH
    tokens = np.full((count, steps), BLANK, "uint8")
    tokens[:, :LENGTH] = symbols
    tokens[:, -LENGTH - 1] = GO
    y = np.full((count, steps), BLANK, "uint8")
    y[:, -LENGTH:] = symbols
    return np.eye(CLASSES, dtype="uint8")[tokens], y
