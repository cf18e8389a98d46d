"""Milliseconds of a training step with SVDSimpleRNN beside SimpleRNN and a full SVD of every step.

python benchmarks/svd.py   measures, and writes svd.csv
"""

import csv
import os
import platform
import statistics
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from timing import take_turns

from rnnzoo.layers import SVDSimpleRNN, step_jacobians

BATCH, STEPS, FEATURES = 32, 100, 8
UNITS = (20, 64, 128)
TARGET = Path(__file__).with_suffix(".csv")
FIELDS = ["units", "way", "ms", "minimum_ms", "maximum_ms", "ratio"]
STOCK, PLAIN = "SimpleRNN", "SVDSimpleRNN, no penalty"
SATURATED = "SVDSimpleRNN, 16 Jacobians, units saturated"
LARGE = 4  # inputs so many times as large saturate units
EVERY = "SimpleRNN, every step's SVD by autodiff"


class EverySVD(keras.layers.SimpleRNN):
    """The straightforward penalty: all Jacobians, differentiated through their SVD."""

    def call(self, sequences, initial_state=None, mask=None, training=False):
        """The outputs of all steps; the penalty among the losses."""
        outputs = super().call(sequences, initial_state, mask, training)
        before = ops.concatenate([ops.zeros_like(outputs[:, :1]), outputs[:, :-1]], axis=1)
        rows = [ops.reshape(array, (-1, array.shape[-1])) for array in (sequences, before)]
        s = tf.linalg.svd(step_jacobians(self.cell, *rows), compute_uv=False)
        outside = ops.minimum(s - 0.9, 0) + ops.maximum(s - 1.1, 0)
        interval = 0.5 * ops.mean(ops.sum(ops.square(outside), axis=-1))
        rms = ops.mean(ops.square(ops.sqrt(ops.mean(ops.square(s), axis=-1)) - 1))
        self.add_loss(interval + 10 * rms)
        return outputs


def layers(units):
    """Returns the ways of one size: {name: layer}."""
    shared = {"return_sequences": True}
    by_way = {STOCK: keras.layers.SimpleRNN(units, **shared)}
    by_way[PLAIN] = SVDSimpleRNN(units, interval_weight=0, rms_weight=0, **shared)
    for samples in (4, 16, 64):
        layer = SVDSimpleRNN(units, jacobian_samples=samples, **shared)
        by_way[f"SVDSimpleRNN, {samples} Jacobians"] = layer
    by_way[SATURATED] = SVDSimpleRNN(units, **shared)
    layer = SVDSimpleRNN(units, fused=False, **shared)
    by_way["SVDSimpleRNN, 16 Jacobians, step by step"] = layer
    if units < 128:  # there a step takes too long to repeat
        by_way[EVERY] = EverySVD(units, **shared)
    return by_way


def training_step(layer, size=1):
    """Returns a function that runs one training step, with Adam and a dense layer."""
    rng = np.random.default_rng(0)
    x = size * rng.normal(size=(BATCH, STEPS, FEATURES)).astype("float32")
    y = rng.normal(size=(BATCH, STEPS, 1)).astype("float32")
    model = keras.Sequential([keras.Input(x.shape[1:]), layer, keras.layers.Dense(1)])
    model.compile("adam", "mse")
    batches = iter(tf.data.Dataset.from_tensors((x, y)).cache().repeat())
    model.make_train_function()
    return lambda: [metric.numpy() for metric in model.train_function(batches).values()]


def main():
    """Measures, and writes the CSV."""
    rows = []
    for units in UNITS:
        keras.utils.set_random_seed(0)
        steps = {
            way: training_step(layer, LARGE if way == SATURATED else 1)
            for way, layer in layers(units).items()
        }
        times = take_turns(steps)
        middle = {way: statistics.median(row) for way, row in times.items()}
        for way, row in times.items():
            figures = [f"{ms:.2f}" for ms in (middle[way], min(row), max(row))]
            rows.append([units, way, *figures, f"{middle[way] / middle[STOCK]:.2f}"])
            print(" ".join(f"{value!s:<42}" for value in rows[-1]), flush=True)
    with open(TARGET, "w", newline="") as file:
        csv.writer(file).writerows([FIELDS, *rows])
    print(platform.machine(), os.cpu_count(), "cores")


if __name__ == "__main__":
    main()
