"""Weights of a field forecaster by least squares, in the space of coefficients."""

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.least_squares.init import least_squares_init

CHUNK = 1024  # fields that are encoded at once: bounds memory


def fit(model, values, ridge, iterations=0, move=0.5):
    """Fits the readout, or with `iterations` a `SimpleRNN` and its readout.

    Args:
        model: `FieldForecaster`, whose basis is fitted.
        values: float32 array (steps, height, width, channels).
        ridge: float.
        iterations: int.
        move: float, the step of (5.4) and (5.7) with iterations.
    """
    network, (x, y) = keras.Model(*network_of(model)), pairs(model, values)
    washout = min(model.lags.length, len(y[0]) // 2)
    settings = {"iterations": iterations, "step": move} if iterations else {}
    settings = settings or {"iterations": 1, "step": 1.0}
    least_squares_init(network, x, y, ridge=ridge, washout=washout, **settings)


def rows_and_targets(model, values):
    """What the readout reads and what it should return, of all steps with enough history.

    Returns:
        (float32 (1, steps, regressors), float32 (1, steps, rank)).
    """
    features, regressors = network_of(model, readout=False)
    x, y = pairs(model, values)
    skip = min(model.lags.length, len(y[0]) // 2)
    rows = keras.Model(features, regressors).predict(x, verbose=0)
    return rows[:, skip:], y[:, skip:]


def network_of(model, readout=True):
    """(features, coefficients): Keras tensors of the model's layers; without the readout, its
    inputs.
    """
    features = keras.Input((None, model.lags.parts * model.basis.rank))
    x = features
    for layer in model.recurrent:
        x = layer(x)[0]
    if model.linear:
        x = keras.layers.Concatenate()([x, features])
    return features, model.readout(x) if readout else x


def pairs(model, values):
    """(features, next coefficients), float32 (1, steps - 1, ...), of fields."""
    known = coefficients(model, values)
    features, _ = model.lags.features(ops.convert_to_tensor(known[:, :-1]), model.extra_states(1))
    return ops.convert_to_numpy(features), known[:, 1:]


def coefficients(model, values):
    """Coefficients float32 (1, steps, rank) of fields (steps, height, width, channels)."""
    parts = [
        ops.convert_to_numpy(model.basis(np.nan_to_num(values[None, start : start + CHUNK])))
        for start in range(0, len(values), CHUNK)
    ]
    return np.concatenate(parts, axis=1)
