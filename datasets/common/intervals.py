"""Where flags are set next to each other."""

import numpy as np


def runs(flags):
    """List of (start, end), ascending: all that is True lies from a start up to, without, its end.

    Args:
        flags: bool array (n,).
    """
    edges = np.flatnonzero(np.diff(np.asarray(flags).astype(int), prepend=0, append=0))
    return [tuple(pair) for pair in edges.reshape(-1, 2).tolist()]
