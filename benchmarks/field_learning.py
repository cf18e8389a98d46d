"""Least squares of field forecasters: updates while fields arrive, and training.

Updates are timed in turn, with each way to solve for the readout. Training by least squares is
beside backpropagation from random weights until it has the same error on validation data, with
several schedules; the SVD and the evaluation are in no time. One thread.

    python benchmarks/field_learning.py updates    measures updates
    python benchmarks/field_learning.py training   measures training

Each writes its rows to field_learning.csv and leaves the others there.
"""

import csv
import datetime
import importlib.metadata
import math
import os
import statistics
import sys
import time
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

from rnnzoo.datasets.nyc_bike.load import load_nyc_bike
from rnnzoo.datasets.region_fields.simulator import simulated_region
from rnnzoo.fields import initial_weights
from rnnzoo.fields.evaluation import figure
from rnnzoo.fields.forecaster import FieldForecaster
from rnnzoo.layers.callbacks.epoch_seeds import EpochSeeds
from rnnzoo.layers.least_squares import normal_equations
from rnnzoo.memory import keep_freed_memory
from rnnzoo.pipelines.core.training import optimizer
from rnnzoo.pipelines.experiments.studies.crowd import EPOCHS, SOURCE
from rnnzoo.pipelines.families.fields.family import FIELDS
from rnnzoo.pipelines.families.fields.field_data import FieldData

GRIDS, TOWNS, PEOPLE, STEPS = (50, 100, 200), 100, 10.0, 2160
RANK, UNITS = 200, 128  # [TH] 7.2
TURNS, WARM_UP = 20, 2
READOUTS = {False: "units", True: "units and features"}
SEEDS = (1, 2, 3)
SCHEDULES = [(epochs, rate) for epochs in (EPOCHS, 6 * EPOCHS) for rate in (0.003, 0.01)]
EVERY = 5  # epochs are evaluated
TARGET = Path(__file__).with_suffix(".csv")
KEYS = ["part", "case", "readout", "regressors", "way", "seed"]
FIGURES = ["epochs", "wall_s", "cpu_s", "rmse", "rmse_of_least_squares"]
COLUMNS = ["date", "versions", *KEYS, *FIGURES]


def clocks():
    """(wall, CPU) seconds."""
    return time.perf_counter(), time.process_time()


def since(start):
    """Seconds since `clocks`: dict of wall_s and cpu_s."""
    return dict(zip(("wall_s", "cpu_s"), map(float.__sub__, clocks(), start), strict=True))


WAYS = {  # whether it learns, from which share of the ridge on by Cholesky's method
    "no learning": (False, normal_equations.DOMINANT),
    "Cholesky": (True, normal_equations.DOMINANT),
    "eigenvectors": (True, math.inf),
}


def updates():
    """Yields rows of the median update per grid, readout and way."""
    for side in GRIDS:
        frames = STEPS + len(WAYS) * (WARM_UP + TURNS)
        series = simulated_region(side, side, frames, 0, towns=TOWNS, people=PEOPLE)
        for linear, readout in READOUTS.items():
            keras.utils.set_random_seed(1)
            layers = [keras.layers.SimpleRNN(UNITS)]
            model = FieldForecaster(series.values.shape[1:], 3600, layers, rank=RANK, linear=linear)
            model.fit_fields(series[:STEPS])
            model.read(series[:STEPS], forgetting=0.999)
            times = {way: [] for way in WAYS}
            for turn, frame in enumerate(series.values[STEPS:]):
                way = list(WAYS)[turn % len(WAYS)]
                learn, normal_equations.DOMINANT = WAYS[way]
                start = clocks()
                model.update(frame, learn=learn)
                times[way].append(since(start))
            normal_equations.DOMINANT = WAYS["Cholesky"][1]
            for way, durations in times.items():
                yield {
                    "case": f"{side} x {side}",
                    "readout": readout,
                    "regressors": int(model.readout.kernel.shape[0]),
                    "way": way,
                    **{
                        clock: statistics.median(row[clock] for row in durations[WARM_UP:])
                        for clock in ("wall_s", "cpu_s")
                    },
                }


class Clock(keras.callbacks.Callback):
    """Sums the time of epochs, and stops where an error on validation data is reached."""

    def __init__(self, error, target):
        super().__init__()
        self._error, self._target = error, target
        self.wall_s = self.cpu_s = 0.0
        self.errors = []

    def on_epoch_begin(self, epoch, logs=None):
        """Starts the clock."""
        self._start = clocks()

    def on_epoch_end(self, epoch, logs=None):
        """Stops the clock; then evaluates, every few epochs."""
        seconds = since(self._start)
        self.wall_s += seconds["wall_s"]
        self.cpu_s += seconds["cpu_s"]
        self.epochs = epoch + 1
        if not self.epochs % EVERY:
            self.errors.append(self._error(self.model))
            self.model.stop_training = self.errors[-1] <= self._target


def training(seeds=SEEDS, schedules=SCHEDULES):
    """Yields rows of training by least squares, and by backpropagation until it is as good."""
    series = load_nyc_bike("train+validation")
    start = len(load_nyc_bike("train"))
    data = FieldData("nyc_bike", "", series, {"train": start, "validation": len(series)})

    def error(model):
        return figure(model, series.values, start)

    for linear, readout in READOUTS.items():
        for seed in seeds:
            recipe = {**SOURCE, "linear": linear}
            keras.utils.set_random_seed(seed)
            model = FIELDS.build("crowd", recipe, data)  # its SVD, and random weights
            row = {
                "case": "nyc_bike",
                "readout": readout,
                "regressors": int(model.readout.kernel.shape[0]),
                "seed": seed,
            }
            began = clocks()
            initial_weights.fit(model, data.train.values, recipe["ridge"], recipe["iterations"])
            seconds, target = since(began), error(model)
            yield row | {"way": "least squares", "rmse": target, **seconds}
            for epochs, rate in schedules:
                recipe |= {"epochs": epochs, "learning_rate": rate}
                keras.utils.set_random_seed(seed)
                model = FIELDS.build("crowd", recipe, data)
                batches = FIELDS.batches(recipe, data, seed, 0)
                model.compile(optimizer(recipe, len(batches)), FIELDS.loss(recipe))
                clock = Clock(error, target)
                callbacks = [EpochSeeds(seed), clock]
                model.fit(batches, epochs=epochs, shuffle=False, verbose=0, callbacks=callbacks)
                yield row | {
                    "way": f"backpropagation, {epochs} epochs, rate {rate}",
                    "epochs": clock.epochs,
                    "wall_s": clock.wall_s,
                    "cpu_s": clock.cpu_s,
                    "rmse": min(clock.errors),
                    "rmse_of_least_squares": target,
                }


PARTS = {"updates": updates, "training": training}


def main(part):
    """Measures a part, and replaces its rows in the CSV."""
    keep_freed_memory()
    about = {
        "date": datetime.date.today().isoformat(),
        "versions": " ".join(
            f"{name} {importlib.metadata.version(name)}"
            for name in ("tensorflow", "keras", "numpy", "scipy")
        ),
        "part": part,
    }
    rows = []
    if part == "training":
        list(training(seeds=(0,), schedules=[(EVERY, 0.003)]))  # what is loaded and compiled once
    for row in PARTS[part]():
        for key in FIGURES[1:]:
            if key in row:
                row[key] = f"{row[key]:.4g}"
        rows.append(about | row)
        print(row, flush=True)
    others = []
    if TARGET.exists():
        with open(TARGET, newline="") as file:
            others = [row for row in csv.DictReader(file) if row["part"] != part]
    with open(TARGET, "w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows([*others, *rows])


if __name__ == "__main__":
    main(sys.argv[1])
