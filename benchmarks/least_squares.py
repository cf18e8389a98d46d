"""An iteration of least squares beside an epoch of backpropagation, and the time to an error.

    python benchmarks/least_squares.py   measures, and writes least_squares.csv

The task is that of `rnnzoo reproduce ls-teacher-student` with the teacher's weights scaled by 0.3,
on validation data. An epoch of backpropagation takes as long as its windows, its batches and its
layer have it: several are tried, each with several learning rates.
"""

import csv
import itertools
import os
import platform
import statistics
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from rnnzoo.datasets.sequence_tasks.teacher_student import normal_teacher, taught
from rnnzoo.layers import SVDSimpleRNN, least_squares_init
from rnnzoo.pipelines.experiments.studies.ls_teacher_student import STATE, STEPS, TEACHER

SCALE, SEEDS = 0.3, (101, 102, 103)
ERROR = 0.0034286  # [TH] table 5.1, ten iterations
MOST = 60  # epochs
SOLVER = {"step": 0.5, "ridge": 0.0}  # what the experiment chose
STREAMS, WINDOWS = (1, 10), (20, 50, 100)  # parallel parts of the sequence, steps
LAYERS = ("SimpleRNN", "SVDSimpleRNN without penalty")
RATES = (0.003, 0.01)
TARGET = Path(__file__).with_suffix(".csv")
FIELDS = ["way", "reached", "epochs", "ms_an_epoch", "s_to_error"]


def data(seed):
    """(x, y), (held-out x, y), each (1, STEPS, 64)."""
    weights = normal_teacher(STATE, [TEACHER, seed], SCALE)
    return [[array[None] for array in taught(weights, STEPS, [seed, part])] for part in range(2)]


def network(layer, batch, steps):
    """A student whose states are carried from window to window, where it has any."""
    settings = {"return_sequences": True, "stateful": True}
    if layer == LAYERS[0]:
        memory = keras.layers.SimpleRNN(STATE, **settings)
    else:
        memory = SVDSimpleRNN(STATE, interval_weight=0, rms_weight=0, **settings)
    readout = keras.layers.Dense(64, activation="tanh")
    inputs = keras.Input(batch_shape=(batch, steps, 64))
    return keras.Sequential([inputs, memory, readout])


class HeldOutError:
    """Finds the held-out error of a student's weights."""

    def __init__(self, x, y):
        self._model, self._x, self._y = network(LAYERS[0], 1, STEPS), x, y

    def __call__(self, model):
        """Returns the held-out error; its time is not measured."""
        self._model.set_weights(model.get_weights())
        self._model.layers[0].reset_states()
        return float(np.mean(np.square(self._model.predict_on_batch(self._x) - self._y)))


def to_error(epoch, held_out_error, model, each=None):
    """Returns (whether the error is reached, epochs, median ms per epoch, seconds).

    `each` replaces the measured seconds of an epoch.
    """
    times, reached = [], False
    while not reached and len(times) < MOST:
        began = time.perf_counter()
        epoch()
        times.append(time.perf_counter() - began if each is None else each)
        reached = held_out_error(model) <= ERROR
    return reached, len(times), statistics.median(times) * 1e3, sum(times)


def backpropagation(model, x, y, streams, window, rate):
    """Returns a function that runs one epoch of Adam, compiled."""
    model.compile(keras.optimizers.Adam(rate, global_clipnorm=1.0), "mse")
    parts = [array.reshape(streams, -1, window, 64).swapaxes(0, 1) for array in (x, y)]
    batches = list(zip(*parts, strict=True))
    before = model.get_weights()
    model.train_on_batch(*batches[0])  # traces
    model.set_weights(before)

    def epoch():
        model.layers[0].reset_states()
        for a, b in batches:
            model.train_on_batch(a, b)

    return epoch


def least_squares(model, x, y):
    """Returns a function that runs one iteration, and the seconds of one after tracing."""

    def iterate(count=1):
        began = time.perf_counter()
        least_squares_init(model, x, y, iterations=count, **SOLVER)
        return time.perf_counter() - began

    before = model.get_weights()
    iterate()
    each = statistics.median((iterate(11) - iterate()) / 10 for _ in range(3))
    model.set_weights(before)
    return iterate, each


def runs(seed):
    """Yields (way, its measurements) for one seed."""
    (x, y), held_out = data(seed)
    held_out_error = HeldOutError(*held_out)

    def student(*args):
        keras.utils.set_random_seed(seed)
        return network(*args)

    model = student(LAYERS[1], 1, STEPS)
    iterate, each = least_squares(model, x, y)
    yield "least squares", to_error(iterate, held_out_error, model, each)
    for layer, streams, window, rate in itertools.product(LAYERS, STREAMS, WINDOWS, RATES):
        model = student(layer, streams, window)
        epoch = backpropagation(model, x, y, streams, window, rate)
        way = f"{layer}, {streams} x {window} steps, rate {rate}"
        yield way, to_error(epoch, held_out_error, model)
    # A few iterations first, then backpropagation in short windows.
    for iterations, (window, rate) in itertools.product((2, 7), ((20, 0.001), (20, 0.003))):
        model = student(LAYERS[1], 10, window)
        epoch = backpropagation(model, x, y, 10, window, rate)
        first = student(LAYERS[1], 1, STEPS)
        iterate, each = least_squares(first, x, y)
        iterate(iterations)
        model.set_weights(first.get_weights())
        reached, epochs, ms, seconds = to_error(epoch, held_out_error, model)
        way = f"{iterations} iterations, then {LAYERS[1]}, 10 x {window} steps, rate {rate}"
        yield way, (reached, epochs, ms, seconds + iterations * each)


def main():
    """Measures, and writes the CSV: medians over the seeds."""
    rows = {}
    for seed in SEEDS:
        for way, figures in runs(seed):
            rows.setdefault(way, []).append(figures)
            print(seed, way, figures, flush=True)
    table = []
    for way, measurements in rows.items():
        reached, epochs, ms, seconds = zip(*measurements, strict=True)
        epochs, ms, seconds = map(statistics.median, (epochs, ms, seconds))
        table.append([way, sum(reached), f"{epochs:.0f}", f"{ms:.2f}", f"{seconds:.2f}"])
    with open(TARGET, "w", newline="") as file:
        csv.writer(file).writerows([FIELDS, *table])
    print(platform.machine(), os.cpu_count(), "cores")


if __name__ == "__main__":
    main()
