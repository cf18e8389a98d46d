"""Milliseconds of a training step with NEM layers beside Keras's and PyTorch's, and their growth.

python benchmarks/layers.py            measures, and writes layers.csv
python benchmarks/layers.py --check    measures the three shapes, and reports ratios beside those
                                       of layers.csv; it never fails
python benchmarks/layers.py --ceiling  the GFLOP/s of one large product

One process for each backend measures the times: the ways of one shape take turns in it, so that a
slow moment of the machine meets them all. First calls and memory are of a process each. PyTorch
needs the environment of `make test-backends`.
"""

import argparse
import csv
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from timing import RUNS, take_turns

ROOT = Path(__file__).parents[1]
MARK = "measured: "  # before what a process answers: libraries print too
TARGET = Path(__file__).with_suffix(".csv")
TORCH = ROOT / ".venv-torch/bin/python"

# batch, steps, features, units; text has an output in every step
SHAPES = {"video": (64, 7, 2048, 256), "text": (32, 100, 65, 128), "rates": (32, 4, 4, 50)}
GROWTH = {f"T={steps}": (32, steps, 32, 64) for steps in (10, 30, 100, 300, 1000)}
GROWTH |= {f"H={units}": (32, 20, 32, units) for units in (16, 64, 256, 1024)}
FIELDS = ["shape", "way", "backend", "pass", "ms", "minimum_ms", "maximum_ms", "ratio"]
FIELDS += ["first_call_s", "peak_mb"]


def layer(way, units, **kwargs):
    """Returns the layer of one way."""
    import keras

    from rnnzoo import layers

    name, _, setting = way.partition(", ")
    settings = {
        "": {},
        "no noise": {"noise": "none"},
        "noise": {},
        "noise of the backend": {"noise_distribution": "gaussian"},
        "noise, step by step": {"fused": False},
        "noise, length unknown": {},
    }[setting]
    kind = getattr(keras.layers, name, None) or getattr(layers, name)
    return kind(units, **settings, **kwargs)


WAYS = {
    "tensorflow": [
        "LSTM",
        "NEMLSTM, no noise",
        "NEMLSTM, noise",
        "NEMLSTM, noise of the backend",
        "NEMLSTM, noise, step by step",
        "NEMLSTM, noise, length unknown",
        "GRU",
        "NEMGRU, no noise",
        "NEMGRU, noise",
        "NEMGRU, noise of the backend",
        "NEMGRU, noise, step by step",
    ],
    "jax": ["LSTM", "NEMLSTM, noise", "GRU", "NEMGRU, noise"],
    "torch": ["nn.LSTM", "nn.GRU"],
}


def data(shape):
    """x, and targets: a class for every output."""
    import numpy as np

    batch, steps, features, _ = shape
    rng = np.random.default_rng(0)
    x = rng.normal(size=(batch, steps, features)).astype("float32")
    every = steps >= 100
    y = rng.integers(features, size=(batch, steps) if every else (batch,))
    return x, y.astype("int32"), every


def forgotten(tensor):
    """The tensor, without what is known of its length."""
    import tensorflow as tf

    shape = [tensor.shape[0], None, *tensor.shape[2:]]
    return tf.raw_ops.PlaceholderWithDefault(input=tensor, shape=tf.TensorShape(shape))


def keras_calls(way, shape):
    """(a training step, a prediction) as functions that return when it is done."""
    import keras

    x, y, every = data(shape)
    model = keras.Sequential(
        [
            keras.Input((None if "unknown" in way else x.shape[1], x.shape[2])),
            layer(way, shape[3], return_sequences=every),
            keras.layers.Dense(shape[2]),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        dataset = tf.data.Dataset.from_tensors((x, y))
        if "unknown" in way:
            dataset = dataset.map(lambda x, y: (forgotten(x), forgotten(y) if every else y))
        batches = iter(dataset.cache().repeat())
        model.make_train_function()
        model.make_predict_function()
        inputs = [(tf.constant(x),)]
        train = lambda: [metric.numpy() for metric in model.train_function(batches).values()]  # noqa: E731
        return train, lambda: model.predict_function(inputs).numpy()
    return lambda: model.train_on_batch(x, y), lambda: model.predict_on_batch(x)


def torch_calls(way, shape):
    """As `keras_calls`, with PyTorch's own layer, which oneDNN computes."""
    import torch

    x, y, every = data(shape)
    x, y = torch.from_numpy(x), torch.from_numpy(y).long()
    kind = torch.nn.LSTM if way == "nn.LSTM" else torch.nn.GRU
    recurrent, dense = kind(shape[2], shape[3], batch_first=True), torch.nn.Linear(*shape[:1:-1])
    optimizer = torch.optim.Adam([*recurrent.parameters(), *dense.parameters()])

    def outputs():
        h, _ = recurrent(x)
        return dense(h if every else h[:, -1])

    def train():
        optimizer.zero_grad()
        logits = outputs()
        torch.nn.functional.cross_entropy(logits.flatten(0, -2), y.flatten()).backward()
        optimizer.step()

    def predict():
        with torch.no_grad():
            outputs()

    return train, predict


def measure(backend, shapes, ways):
    """Prints the times of one backend: this runs in a process of its own."""
    calls_of = torch_calls if backend == "torch" else keras_calls
    for name, shape in shapes.items():
        functions = {}
        for way in ways:
            train, predict = calls_of(way, shape)
            functions |= {(way, "training"): train, (way, "inference"): predict}
        times = take_turns(functions)
        for (way, use), row in times.items():
            print(MARK + json.dumps([name, way, use, row]), flush=True)


def begin(backend, shape, way):
    """Prints seconds to the end of the first training step of a model, without the imports, and
    the megabytes that it and four more add: a process of its own."""
    import keras

    import rnnzoo.layers  # noqa: F401

    keras.ops.matmul(keras.ops.ones((2, 2)), keras.ops.ones((2, 2)))  # starts the backend
    calls_of = torch_calls if backend == "torch" else keras_calls
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    train, _ = calls_of(way, shape)
    train()
    first = time.perf_counter() - began
    for _ in range(4):
        train()
    used = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(MARK + json.dumps((first, used)))


def ask(backend, request):
    """The lines that a process of a backend prints, decoded; none if it is not installed."""
    python = TORCH if backend == "torch" else Path(sys.executable)
    if not python.exists():
        print(f"{backend}: there is no {python}, see `make test-backends`", file=sys.stderr)
        return []
    environment = {**os.environ, "KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [str(python), __file__, "--request", json.dumps([backend, *request])]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    return [json.loads(line.removeprefix(MARK)) for line in lines]


def rows(ways, shapes, beginnings):
    """The rows of the table; ratios are those of medians, to Keras's layer on TensorFlow.

    Args:
        ways: dict from backend to its ways.
        shapes: dict from name to shape.
        beginnings: bool, whether first calls and memory are measured too.
    """
    peers, results = {}, []
    for backend, names in ways.items():
        for name, way, use, times in ask(backend, [shapes, names]):
            middle = statistics.median(times)
            if backend == "tensorflow" and way in ("LSTM", "GRU"):
                peers[name, way, use] = middle
            peer = peers.get((name, "LSTM" if "LSTM" in way else "GRU", use))
            figures = [f"{ms:.2f}" for ms in (middle, min(times), max(times))]
            row = [name, way, backend, use, *figures, f"{middle / peer:.2f}" if peer else ""]
            if beginnings and use == "training":
                ((first, used),) = ask(backend, [shapes[name], way])
                row += [f"{first:.1f}", f"{used:.0f}"]
            results.append(dict(zip(FIELDS, [*row, "", ""], strict=False)))
            print(" ".join(f"{value:<12}" for value in results[-1].values()), flush=True)
    return results


def ceiling():
    """Prints the peak rate of matrix products: GFLOP/s of a large square one."""
    import tensorflow as tf

    size, calls, rates = 1024, 20, []
    matrix = tf.random.normal((size, size))
    product = tf.function(lambda: tf.matmul(matrix, matrix))
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        for _ in range(calls):
            last = product()
        last.numpy()
        rates.append(2 * size**3 * calls / (time.perf_counter() - began) / 1e9)
    rates = rates[1:]  # without the call that traces
    middle = statistics.median(rates)
    print(f"{middle:.0f} GFLOP/s, median of {RUNS} ({min(rates):.0f} to {max(rates):.0f})")


def check():
    """Ratios of training now beside the committed ones."""
    with open(TARGET, newline="") as file:
        committed = {
            (row["shape"], row["way"]): float(row["ratio"])
            for row in csv.DictReader(file)
            if row["backend"] == "tensorflow" and row["pass"] == "training"
        }
    compared, slower = 0, 0
    for row in rows({"tensorflow": WAYS["tensorflow"]}, SHAPES, beginnings=False):
        before = committed.get((row["shape"], row["way"]))
        if row["pass"] == "inference" or before is None:
            continue
        compared += 1
        if float(row["ratio"]) > 1.15 * before:
            slower += 1
            print(f"slower: {row['shape']} {row['way']}: {row['ratio']}, was {before}")
    print(f"{slower} of {compared} committed ratios are exceeded by more than 15%")


def main():
    """Measures, and writes the CSV."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--ceiling", action="store_true")
    parser.add_argument("--request", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.request:
        backend, shapes, way = json.loads(options.request)
        return (measure if isinstance(way, list) else begin)(backend, shapes, way)
    if options.check:
        return check()
    if options.ceiling:
        return ceiling()
    results = rows(WAYS, SHAPES, beginnings=True)
    growth = {"tensorflow": ["LSTM", "NEMLSTM, no noise", "NEMLSTM, noise"], "torch": ["nn.LSTM"]}
    results += rows(growth, GROWTH, beginnings=False)
    with open(TARGET, "w", newline="") as file:
        table = csv.DictWriter(file, FIELDS)
        table.writeheader()
        table.writerows(results)
    print(platform.machine(), os.cpu_count(), "cores")


if __name__ == "__main__":
    main()
