"""Estimates the errors of predictions, on the scale where values are about normal."""

import numpy as np
from keras import ops

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.fields import rollout
from rnnzoo.fields.basis import HORIZONS, LEVELS
from rnnzoo.fields.scales import scaled

EVERY = 13  # steps between two rollouts: they begin at all hours of the day
SMALLEST = 1e-4  # standard deviation, of a cell that never changes


def estimate(model, values, start):
    """Sets the basis's `spread` at each horizon, and its `quantiles`.

    Args:
        model: `FieldForecaster`.
        values: array (steps, height, width, channels).
        start: int, the first step that is predicted.

    Raises:
        InputError: there are too few steps.
    """
    if len(values) - start < HORIZONS + 1:
        raise InputError(
            f"{max(0, len(values) - start)} fields to estimate errors on: give {HORIZONS + 1} or "
            "more"
        )
    basis = model.basis
    truth = _flat(scaled(basis.scale, basis.flat(np.nan_to_num(values[start:]))))
    one_ahead = _flat(rollout.walk(model, values, start))
    sums = np.zeros((HORIZONS, truth.shape[1]))
    sums[0] = np.square(truth - one_ahead).mean(axis=0)
    origins = range(0, len(truth) - HORIZONS + 1, EVERY)
    for errors in map(np.square, _ahead(model, values, start, truth, origins)):
        sums[1:] += errors / len(origins)
    # Errors grow with the horizon; few rollouts estimate that with noise.
    spread = np.sqrt(np.maximum.accumulate(sums, axis=0)) + SMALLEST
    basis.spread.assign(spread * ops.convert_to_numpy(basis.mask))
    inside = ops.convert_to_numpy(basis.mask) > 0
    units = (truth - one_ahead)[:, inside] / spread[0, inside]
    basis.quantiles.assign(np.quantile(units, LEVELS))


def _ahead(model, values, start, truth, origins):
    """Yields the errors (HORIZONS - 1, cells) of each rollout, from the second step on."""
    begin = max(0, start - rollout.CONTEXT * model.reach)
    predicted, states = rollout.read(model, values[begin:start], model.initial_states(1))
    predicted, position = predicted[:, -1], 0
    for origin in origins:
        if origin > position:
            read = values[start + position : start + origin]
            predicted, states = rollout.read(model, read, states)
            predicted, position = predicted[:, -1], origin
        ahead, after, rows = predicted, states, []
        for _ in range(HORIZONS - 1):
            ahead, after = model.compiled_follow(ops.convert_to_tensor(ahead), after)
            rows.append(_flat(model.basis.on_scale(ahead))[0])
        yield truth[origin + 1 : origin + HORIZONS] - np.stack(rows)


def _flat(tensor):
    return ops.convert_to_numpy(tensor)
