"""The networks of [TH] chapter 8: each column of a spectrogram from the one before it.

They are trained on the intact columns of the song that is to be restored, and then run through it:
in a gap on their own predictions.
"""

import keras
import numpy as np
from keras import ops

from rnnzoo.compiled import compiled_once
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.intervals import true_intervals

LAYERS = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM}

# [TH] 8.2.
UNITS = 129
WINDOW = 45
BATCH = 20
EPOCHS = 10
LEARNING_RATE, DECAY, DECAY_AFTER = 1e-3, 0.97, 5


def next_column(magnitudes, mask, architecture="lstm", seed=1):
    """Missing cells filled by a network that is fitted on the other columns.

        h(t) = recurrent(x(t), h(t-1)),  y(t) = V h(t) + v,  y(t) nearest to x(t+1)

    by mean squared error, Adam, windows of 45 steps, batches of 20, 10 epochs. Missing cells of
    column t + 1 are replaced by those of y(t), also in the next input.

    Args:
        magnitudes: float array (bins, columns); missing cells are not read.
        mask: bool array (bins, columns), True where a cell is missing.
        architecture: str, `"rnn"` or `"lstm"`.
        seed: int, of the initial weights and of the order of the windows.

    Returns:
        float64 array (bins, columns), known cells unchanged, none below 0.

    Raises:
        InputError: no 46 consecutive columns are intact, or there is no such network.
    """
    if architecture not in LAYERS:
        raise InputError(f"architecture {architecture!r}: choose one of {', '.join(LAYERS)}")
    columns, missing = np.asarray(magnitudes, "float32").T, np.asarray(mask).T
    columns = np.where(missing, 0, columns)
    scale = float(np.sqrt(np.mean(columns[~missing] ** 2))) or 1.0
    layer, readout = fitted(columns / scale, missing, architecture, seed)
    run = keras.layers.RNN(FillingCell(layer.cell, readout), return_sequences=True)
    inputs = np.concatenate([columns / scale, missing], axis=1, dtype="float32")
    run = compiled_once(run, (1, None, inputs.shape[1]))
    filled = ops.convert_to_numpy(run(ops.convert_to_tensor(inputs[None])))[0] * scale
    return np.where(mask, np.maximum(filled, 0).T, np.asarray(magnitudes, "float64"))


def fitted(columns, missing, architecture, seed):
    """A recurrent layer and its readout, fitted on intact columns.

    Args:
        columns: float32 array (columns, bins).
        missing: bool array (columns, bins), True where a cell is missing.
        architecture, seed: see `next_column`.

    Raises:
        InputError: no 46 consecutive columns are intact.
    """
    windows = intact_windows(~missing.any(axis=1))
    if not len(windows):
        raise InputError(
            f"nowhere are {WINDOW + 1} columns next to each other intact: nothing to learn from"
        )
    draws = keras.random.SeedGenerator(seed)
    start = {name: initializer(seed=draws) for name, initializer in _STARTS.items()}
    layer = LAYERS[architecture](UNITS, return_sequences=True, **start)
    readout = keras.layers.Dense(columns.shape[1], kernel_initializer=start["kernel_initializer"])
    model = keras.Sequential([keras.Input((None, columns.shape[1])), layer, readout])
    model.compile(keras.optimizers.Adam(LEARNING_RATE), "mse")
    order = np.random.default_rng(seed)
    for epoch in range(EPOCHS):
        model.optimizer.learning_rate = LEARNING_RATE * DECAY ** max(epoch + 1 - DECAY_AFTER, 0)
        shuffled = order.permutation(windows)
        for first in range(0, len(shuffled), BATCH):
            batch = columns[shuffled[first : first + BATCH]]
            model.train_on_batch(batch[:, :-1], batch[:, 1:])
    return layer, readout


_STARTS = {
    "kernel_initializer": keras.initializers.GlorotUniform,
    "recurrent_initializer": keras.initializers.Orthogonal,
}


def intact_windows(intact):
    """Column indices of windows in intact intervals: int array (windows, WINDOW + 1)."""
    starts = [at for a, b in true_intervals(intact) for at in range(b - WINDOW - 1, a - 1, -WINDOW)]
    return np.array(sorted(starts), int)[:, None] + np.arange(WINDOW + 1)


class FillingCell(keras.layers.Layer):
    """A cell: fills a column by the last prediction and predicts the next column."""

    def __init__(self, cell, readout):
        super().__init__()
        self.cell, self.readout = cell, readout
        inner = cell.state_size
        inner = list(inner) if isinstance(inner, list | tuple) else [inner]
        self.state_size = [*inner, readout.units]
        self.output_size = readout.units

    def call(self, inputs, states):
        """One time step: (filled column, states)."""
        column, missing = ops.split(inputs, 2, axis=-1)
        *inner, predicted = states
        filled = ops.where(missing > 0, predicted, column)
        hidden, inner = self.cell(filled, inner)
        inner = list(inner) if isinstance(inner, list | tuple) else [inner]
        return filled, [*inner, self.readout(hidden)]
