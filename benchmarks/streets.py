"""Path predictors of cities of up to 100,000 links: time and memory of training and prediction.

python benchmarks/streets.py
"""

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

UNITS, BATCH, TRIPS, LINKS = 128, 64, 640, 20
PREDICTIONS = 1024  # steps at once
SIDES = (14, 51, 159)  # crossings of a side: 728, 10,200 and 100,488 links
KINDS = ("rnn", "lstm", "gru")
TARGET = Path(__file__).with_suffix(".csv")


def grid(side):
    """The `StreetGraph` of a square grid, every street in both directions."""
    from rnnzoo.datasets.streets.graph import Link, street_graph

    links = [
        Link(f"{r}.{c}-{i}.{j}", f"{r}.{c}", f"{i}.{j}", 100.0)
        for r in range(side)
        for c in range(side)
        for i, j in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1))
        if 0 <= i < side and 0 <= j < side
    ]
    return street_graph("grid", links)


def measured(kind, side):
    """The figures of one architecture and city, in this process: a dict."""
    import keras
    import numpy as np

    from rnnzoo.architectures import recurrent_layers
    from rnnzoo.families import DEFAULTS
    from rnnzoo.streets.batches import TripBatches
    from rnnzoo.streets.path_predictor import PathPredictor

    graph, random = grid(side), np.random.default_rng(0)
    starts = random.integers(len(graph), size=TRIPS)
    successors = graph.successors()
    walks = [walk(successors, int(start), random) for start in starts]
    settings = {**DEFAULTS, "architecture": kind, "units": UNITS}
    model = PathPredictor(graph, recurrent_layers("streets", settings)).compile_default()
    batches = model.windows(TripBatches.trips_of(walks), BATCH)
    model.fit(batches, verbose=0)
    began = time.perf_counter()
    model.fit(batches, verbose=0)
    training = (time.perf_counter() - began) / len(batches)

    model = model.finished()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        size = path.stat().st_size
        began = time.perf_counter()
        model = keras.saving.load_model(path)
        loading = time.perf_counter() - began
    links = random.integers(len(graph), size=PREDICTIONS)
    inputs = np.stack([links, np.full(PREDICTIONS, -1)], axis=1).astype("int32")
    return {
        "links": len(graph),
        "layer": kind,
        "parameters": model.count_params(),
        "file_mb": round(size / 1e6, 1),
        "load_s": round(loading, 2),
        "train_step_ms": round(1e3 * training, 1),
        "step_ms": round(1e3 * seconds_per_step(model, inputs[:1]), 3),
        "predictions_per_s": round(PREDICTIONS / seconds_per_step(model, inputs)),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def walk(successors, link, random):
    """A random walk of `LINKS` links, a list of int."""
    path = [link]
    while len(path) < LINKS:
        path.append(int(random.choice([c for c in successors[path[-1]] if c >= 0])))
    return path


def seconds_per_step(model, inputs):
    """The median time of `compiled_step`, whose probabilities are read."""
    import keras
    import numpy as np

    states, times = model.initial_states(len(inputs)), []
    while len(times) < 30 or (sum(times) < 1.0 and len(times) < 1000):
        began = time.perf_counter()
        logits, states = model.compiled_step(inputs, states)
        keras.ops.convert_to_numpy(logits)
        times.append(time.perf_counter() - began)
    return float(np.median(times[10:]))


def main():
    """Measures each case in a process of its own, and writes the CSV."""
    rows = []
    for side in SIDES:
        for kind in KINDS:
            arguments = [sys.executable, __file__, kind, str(side)]
            environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
            done = subprocess.run(
                arguments, check=True, stdout=subprocess.PIPE, text=True, env=environment
            )
            rows.append(json.loads(done.stdout.splitlines()[-1]))
            print(rows[-1], flush=True)
    with open(TARGET, "w", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(measured(sys.argv[1], int(sys.argv[2]))))
    else:
        main()
