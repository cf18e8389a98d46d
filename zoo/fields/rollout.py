"""Predictions of field forecasters, one step ahead and many."""

import numpy as np
from keras import ops

from rnnzoo.datasets.common.arguments import is_number
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.fields.basis import LEVELS

CHUNK = 168  # steps that are read at once: bounds memory, does not change the result
CONTEXT = 2  # histories that a forecast reads


def checked_levels(quantiles):
    """list of float; None for None.

    Raises:
        InputError: a level is outside 0.01 to 0.99, or there is none.
    """
    if quantiles is None:
        return None
    try:
        levels = np.atleast_1d(quantiles).tolist()
    except ValueError:  # lists of different lengths
        levels = [quantiles]
    for level in levels:
        if not is_number(level) or not LEVELS[0] <= level <= LEVELS[-1]:
            raise InputError(
                f"quantiles has {shown(level)}: give levels from {LEVELS[0]} to {LEVELS[-1]}"
            )
    if not levels:
        raise InputError("quantiles is empty: give levels, or None for means")
    return levels


def read(model, values, states):
    """(prediction float32 (1, steps, height, width, channels) after each field, states).

    Args:
        model: `FieldForecaster`.
        values: array (steps, height, width, channels).
        states: as `FieldForecaster.initial_states` returns them.
    """
    parts = []
    for start in range(0, len(values), CHUNK):
        chunk = model.basis.prepared(values[None, start : start + CHUNK])
        predicted, states = model.compiled_advance(ops.convert_to_tensor(chunk), states)
        parts.append(ops.convert_to_numpy(predicted))
    return np.concatenate(parts, axis=1), states


def walk(model, values, start):
    """Predictions (time - start, cells) on the scale, each from the steps before it."""
    begin = max(0, start - CONTEXT * model.reach)
    predicted, _ = read(model, values[begin:-1], model.initial_states(1))
    return model.basis.on_scale(predicted[0, start - 1 - begin :])


def grids(model, flat):
    """float32 array (..., height, width, channels) of values (..., cells)."""
    return ops.convert_to_numpy(model.basis.grid(flat))


def forecast(model, values, steps, levels, progress=iter):
    """The forecast after fields, see `FieldForecaster.forecast`."""
    recent = values[-CONTEXT * model.reach :]
    predicted, states = read(model, recent, model.initial_states(1))
    return after(model, predicted[:, -1], states, steps, levels, progress)


def continued(model, live, steps, levels):
    """The forecast after the last field of a `Live` series."""
    return after(model, live.predicted, live.states, steps, levels, iter)


def after(model, predicted, states, steps, levels, progress):
    """Means or quantiles of steps that follow, each prediction being the next input.

    Args:
        predicted: array (1, height, width, channels), the prediction of the first of them.
        states: those that it was predicted from.

    Raises:
        InputError: a prediction is not finite.
    """
    known = ops.convert_to_numpy(model.basis.is_known(model.basis.on_scale(predicted)[0]))
    rows = []
    for step in progress(range(steps)):
        if step:
            predicted, states = model.compiled_follow(ops.convert_to_tensor(predicted), states)
        rows.append(_row(model, predicted, levels, step))
    rows = np.stack(rows)
    bad = ~np.isfinite(rows).reshape(steps, -1).all(axis=1)
    if bad.any():
        raise InputError(
            f"predictions diverge from step {int(bad.argmax()) + 1} on: give fewer steps, or "
            "fields like those of the training"
        )
    rows[:, ~known.reshape(model.size)] = np.nan
    return rows


def _row(model, predicted, levels, step):
    u = model.basis.on_scale(predicted)[0]
    if levels is None:
        return grids(model, model.basis.means(u, step))
    flat = ops.convert_to_numpy(model.basis.at_levels(u, levels, step))
    return flat.reshape(*model.size, len(levels))
