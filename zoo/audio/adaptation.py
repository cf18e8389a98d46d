"""A pretrained imputer goes on learning on the intact part of what it is to restore."""

import weakref

import keras
import numpy as np

from rnnzoo.datasets.runs import runs

STEPS, BATCH, WINDOW = 80, 8, 256
LEAST = 32  # intact columns next to each other, below which there is nothing to learn from
LEARNING_RATE = 1e-3


def adapted(model, cells, means, predicted, seed):
    """A copy of a `SpectrogramImputer` that has learned from intact columns; there is one a model.

    Windows of these lose what the missing columns have lost: gaps as long, and the same bins. The
    mean squared error, Adam with gradients clipped, a rate that falls to nothing.

    Args:
        model: `SpectrogramImputer`.
        cells: float32 array (columns, 129), below 0 where a cell is missing, of loudness 1.
        means, predicted: float32 arrays alike, what the model's `before` says of them.
        seed: int, of the windows.

    Returns:
        `SpectrogramImputer`; `model` itself where fewer than 32 columns next to each other are
        intact.
    """
    missing = cells < 0
    intact = runs(~missing.any(axis=1))
    lengths = np.array([end - start for start, end in intact])
    if not intact or lengths.max() < LEAST:
        return model
    window = min(WINDOW, int(lengths.max()))
    places = np.array([at for start, end in intact for at in range(start, end - window + 1)])
    gaps = runs(missing.any(axis=1))
    copy = _fresh_copy(model)
    random = np.random.default_rng(seed)
    for step in range(STEPS):
        copy.core.optimizer.learning_rate = LEARNING_RATE * (1 - step / STEPS)
        chosen = random.choice(places, BATCH)
        columns = chosen[:, None] + np.arange(window)
        y = cells[columns]
        x = y.copy()
        for one in x:
            _lose(one, missing, gaps[random.integers(len(gaps))], random)
        copy.core.train_on_batch([x, means[columns], predicted[columns]], y)
    return copy


def _fresh_copy(model):
    """A copy with the model's weights and an optimizer that has not begun; traced only once."""
    if model not in _COPIES:
        copy = type(model).from_config(model.get_config())
        copy.core.compile(keras.optimizers.Adam(global_clipnorm=1.0), "mse")
        copy.core.optimizer.build(copy.core.trainable_variables)
        _COPIES[model] = copy
    copy = _COPIES[model]
    copy.set_weights(model.get_weights())
    for state in copy.core.optimizer.variables:
        state.assign(keras.ops.zeros_like(state))
    return copy


# Not an attribute: Keras would count the copy's weights among the model's.
_COPIES = weakref.WeakKeyDictionary()


def _lose(window, missing, gap, random):
    """Takes from a window what a gap has taken, as much of it as leaves half of the columns."""
    start, end = gap
    length = min(end - start, len(window) // 2)
    offset = int(random.integers(start, end - length + 1))
    at = int(random.integers(len(window) - length + 1))
    window[at : at + length][missing[offset : offset + length]] = -1
