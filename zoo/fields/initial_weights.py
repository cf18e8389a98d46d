"""Weights of a field forecaster by least squares, in the space of coefficients."""

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.least_squares.init import least_squares_init

CHUNK = 1024  # fields that are encoded at once: bounds memory


def fit(model, values, ridge, iterations=0):
    """Fits the readout; before, with `iterations`, the recurrent layer.

    (5.3) holds for states that determine the outputs alone: where the readout of the model reads
    features too, the recurrent layer is fitted with another one, which does not.

    Args:
        model: `FieldForecaster`, whose basis is fitted.
        values: float32 array (steps, height, width, channels).
        ridge: float.
        iterations: int, of (5.4) and (5.7).
    """
    x, y = pairs(model, values)
    settings = {"ridge": ridge, "washout": min(model.reach, len(y[0]) // 2)}
    if iterations:
        features, hidden = recurrent_graph(model)
        readout = keras.layers.Dense(model.basis.rank) if model.linear else model.readout
        network = keras.Model(features, readout(hidden))
        least_squares_init(network, x, y, iterations=iterations, **settings)
    if model.linear or not iterations:
        features, rows = regressor_graph(model)
        network = keras.Model(features, model.readout(rows))
        least_squares_init(network, x, y, iterations=1, step=1.0, **settings)


def rows_and_targets(model, values):
    """What the readout reads and what it should return, of all steps with enough history.

    Returns:
        (float32 (1, steps, regressors), float32 (1, steps, rank)).
    """
    network = keras.Model(*regressor_graph(model))
    x, y = pairs(model, values)
    skip = min(model.reach, len(y[0]) // 2)
    return network.predict(x, verbose=0)[:, skip:], y[:, skip:]


def recurrent_graph(model):
    """(features, outputs of the last recurrent layer): Keras tensors through the model's layers."""
    features = keras.Input((None, model.lags.parts * model.basis.rank))
    x = features
    for layer in model.recurrent:
        x = layer(x)[0]
    return features, x


def regressor_graph(model):
    """(features, what the readout reads): Keras tensors through the model's layers."""
    features, hidden = recurrent_graph(model)
    return features, keras.layers.Concatenate()([hidden, features]) if model.linear else hidden


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
