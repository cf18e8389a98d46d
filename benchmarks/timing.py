"""Times several ways of the same computation against each other."""

import time

RUNS = 7
SECONDS = 0.25  # of calls that are timed together


def take_turns(functions):
    """Measures milliseconds per call, in turns, so that a slow moment affects all ways.

    Args:
        functions: dict from key to a function without arguments.

    Returns:
        dict from key to a list of RUNS floats, means over the calls of one turn.
    """
    times, counts = {key: [] for key in functions}, {}
    for key, call in functions.items():
        call()  # traces and compiles
        start = time.perf_counter()
        call()
        counts[key] = max(1, round(SECONDS / (time.perf_counter() - start)))
    for _ in range(RUNS):
        for key, call in functions.items():
            start = time.perf_counter()
            for _ in range(counts[key]):
                call()
            times[key].append((time.perf_counter() - start) / counts[key] * 1e3)
    return times
