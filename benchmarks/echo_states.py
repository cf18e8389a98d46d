"""Seconds and memory to run a reservoir and fit its readout, compared with reservoirpy.

    python benchmarks/echo_states.py   measures, and writes echo_states.csv

It needs `rnnzoo[rivals]`. Times are of one process, in which the ways take turns; the memory is the
peak of a process of its own, less what it had before.
"""

import csv
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

SHAPES = ((64, 5000, 500), (1, 50_000, 1000))  # sequences, steps, units
FEATURES, CONNECTIVITY, RIDGE, RUNS = 3, 0.1, 1e-6, 3
TARGET = Path(__file__).with_suffix(".csv")
FIELDS = [
    "sequences",
    "steps",
    "units",
    "way",
    "s",
    "minimum_s",
    "maximum_s",
    "times_as_fast",
    "mb",
]
OURS, BASELINE, PARALLEL = "EchoState", "reservoirpy", "reservoirpy, 2 workers"


def data(sequences, steps):
    """Inputs and targets, float32."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(2, sequences, steps, FEATURES)).astype("float32")


def echo_state(units):
    """Returns a function of data: a layer and `least_squares_init`."""
    import keras

    from rnnzoo.layers import EchoState, least_squares_init

    reservoir = EchoState(units, connectivity=CONNECTIVITY, return_sequences=True, seed=1)
    readout = keras.layers.Dense(FEATURES)
    model = keras.Sequential([keras.Input((None, FEATURES)), reservoir, readout])
    settings = {"iterations": 1, "step": 1, "ridge": RIDGE, "batch_size": SHAPES[0][0]}
    return lambda x, y: least_squares_init(model, x, y, **settings)


def reservoirpy(units, workers=1):
    """Returns a function of data: reservoirpy's nodes, in float64, their default."""
    from reservoirpy.nodes import Reservoir, Ridge

    network = Reservoir(units, sr=0.9, rc_connectivity=CONNECTIVITY, seed=1) >> Ridge(RIDGE)
    return lambda x, y: network.fit(
        list(x.astype("float64")), list(y.astype("float64")), workers=workers
    )


WAYS = {
    OURS: echo_state,
    BASELINE: reservoirpy,
    PARALLEL: lambda units: reservoirpy(units, workers=2),
}


def ways_of(shape):
    """Returns the ways that a shape allows: a single sequence cannot be parallelised."""
    return [way for way in WAYS if shape[0] > 1 or way != PARALLEL]


def peak():
    """Returns the peak memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory(way, shape):
    """Returns the MB of one run in a process of its own."""
    command = [sys.executable, __file__, way, *map(str, shape)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return output.split()[-1]


def measured_here(way, sequences, steps, units):
    """Prints the MB of one run beyond those after a small run."""
    x, y = data(sequences, steps)
    run = WAYS[way](units)
    run(x[:, :50], y[:, :50])
    before = peak()
    run(x, y)
    print(f"{peak() - before:.0f}")


def main():
    """Measures, and writes the CSV."""
    # First, since a new process starts with the peak of its parent.
    used = {(shape, way): memory(way, shape) for shape in SHAPES for way in ways_of(shape)}
    rows = []
    for shape in SHAPES:
        sequences, steps, units = shape
        x, y = data(sequences, steps)
        ways = ways_of(shape)
        runs, times = {way: WAYS[way](units) for way in ways}, {way: [] for way in ways}
        runs[OURS](x, y)  # traces, untimed
        for _ in range(RUNS):
            for way in ways:
                began = time.perf_counter()
                runs[way](x, y)
                times[way].append(time.perf_counter() - began)
        baselines = [statistics.median(times[way]) for way in ways if way != OURS]
        for way in ways:
            middle = statistics.median(times[way])
            figures = [f"{seconds:.2f}" for seconds in (middle, min(times[way]), max(times[way]))]
            fast = f"{min(baselines) / middle:.2f}"
            rows.append([*shape, way, *figures, fast, used[shape, way]])
            print(" ".join(f"{value!s:<22}" for value in rows[-1]), flush=True)
    with open(TARGET, "w", newline="") as file:
        csv.writer(file).writerows([FIELDS, *rows])
    print(platform.machine(), os.cpu_count(), "cores")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measured_here(sys.argv[1], *map(int, sys.argv[2:]))
    else:
        main()
