"""How the ways of computing one thing are timed against each other."""

import time

RUNS = 7
SECONDS = 0.25  # of calls that are timed together


def take_turns(functions):
    """Milliseconds of calls, taking turns, so that a slow moment of the machine meets them all.

    Args:
        functions: dict from key to a function that returns when it is done.

    Returns:
        dict from key to a list of RUNS figures, the mean of the calls of one turn.
    """
    times, counts = {key: [] for key in functions}, {}
    for key, call in functions.items():
        call()  # traces and compiles
        began = time.perf_counter()
        call()
        counts[key] = max(1, round(SECONDS / (time.perf_counter() - began)))
    for _ in range(RUNS):
        for key, call in functions.items():
            began = time.perf_counter()
            for _ in range(counts[key]):
                call()
            times[key].append((time.perf_counter() - began) / counts[key] * 1e3)
    return times
