"""Weights of a field forecaster by least squares, in the space of coefficients."""

import keras
import numpy as np
from keras import ops

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.layers.least_squares.init import least_squares_init

CHUNK = 1024  # fields that are encoded at once: bounds memory
PRIORS = ("zero", "own")
# Of the parts of `FieldHistory`, what a coefficient's regression on others reads: the deviation
# from the trend, the change within a day, and that in a step less the one at that hour a day ago.
CONTRASTS = np.array([[1, 0, 0, 0, 0, -1], [1, 0, 0, -1, 0, 0], [1, -1, -1, 1, 0, 0]], "float32")
OWN_RIDGE = 1e-3  # of a coefficient's regression on its own features


def check_prior(prior, linear):
    """Checks the argument `prior` of `fit`.

    Raises:
        InputError: it is none of `PRIORS`, or `"own"` of a readout that reads no features.
    """
    if prior not in PRIORS:
        raise InputError(f"prior is {shown(prior)}: choose one of {', '.join(PRIORS)}")
    if prior == "own" and not linear:
        raise InputError("prior='own' is for linear=True: give prior='zero'")


def fit(model, values, ridge, iterations=0, prior="zero"):
    """Fits the readout; before, with `iterations`, the recurrent layer.

    (5.3) holds for states that determine the outputs alone: where the readout of the model reads
    features too, the recurrent layer is fitted with another one, which does not.

    Args:
        model: `FieldForecaster`, whose basis is fitted.
        values: float32 array (steps, height, width, channels).
        ridge: float.
        iterations: int, of (5.4) and (5.7).
        prior: str, of `PRIORS`: the weights that the ridge shrinks the readout's towards. `"own"`
            are those of each coefficient's regression on its own features alone; of others it then
            reads deviations and changes only.
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
        if prior == "zero":
            least_squares_init(network, x, y, iterations=1, step=1.0, **settings)
            return
        _fit_around_own(model, keras.Model(features, rows), x, y, settings)


def _fit_around_own(model, regressors, x, y, settings):
    """Ridge regression of what `own_weights` leaves, on hidden states and `CONTRASTS`."""
    washout, rank = settings["washout"], y.shape[-1]
    own = own_weights(x[0, washout:], y[0, washout:])
    parts = x.reshape(*x.shape[:2], -1, rank)
    hidden = regressors.predict(x, verbose=0)[..., : -x.shape[-1]]
    contrasts = np.einsum("ip,btpk->btik", CONTRASTS, parts).reshape(*x.shape[:2], -1)
    rows = np.concatenate([hidden, contrasts], axis=-1, dtype="float32")
    inputs = keras.Input((None, rows.shape[-1]))
    others = keras.layers.Dense(rank)
    network = keras.Model(inputs, others(inputs))
    least_squares_init(network, rows, y - x @ own, iterations=1, step=1.0, **settings)
    kernel, bias = others.get_weights()
    of_hidden, of_contrasts = kernel[: hidden.shape[-1]], kernel[hidden.shape[-1] :]
    of_contrasts = of_contrasts.reshape(len(CONTRASTS), rank, rank)
    of_parts = np.einsum("ip,ikl->pkl", CONTRASTS, of_contrasts).reshape(own.shape)
    model.readout.set_weights([np.concatenate([of_hidden, own + of_parts]), bias])


def own_weights(features, targets):
    """Weights by which each coefficient is regressed on its own features, and 0 of all others.

    Args:
        features: float32 array (steps, parts rank), a part's coefficients side by side.
        targets: float32 array (steps, rank).

    Returns:
        float32 array (parts rank, rank).
    """
    parts = features.reshape(len(features), -1, targets.shape[1])
    weights = np.zeros((*parts.shape[1:], targets.shape[1]), "float32")
    for k, target in enumerate(targets.T.astype("float64")):
        x = parts[..., k].astype("float64")
        x, moments = x - x.mean(axis=0), np.cov(x.T, bias=True) * len(x)
        penalty = OWN_RIDGE * np.trace(moments) / len(moments) * np.eye(len(moments))
        weights[:, k, k] = np.linalg.solve(moments + penalty, x.T @ target)
    return weights.reshape(-1, targets.shape[1])


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
