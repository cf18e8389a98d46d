"""A pretrained imputer goes on learning on the intact part of what it is to restore."""

import weakref

import keras
import numpy as np

from rnnzoo.datasets.common.intervals import true_intervals

STEPS, BATCH, WINDOW = 80, 8, 256
# Copies that have lost more: how many, columns of each at most, and how much of what was intact.
COPIES, MOST, LOST = 4, 4096, 1 / 4
LEAST = 32  # intact columns next to each other, below which there is nothing to learn from
# Of one direction. In two, what the network corrects is of the audio itself, and leaves less to
# learn: faster, it did worse on pieces held out.
LEARNING_RATE, IN_TWO_DIRECTIONS = 1e-3, 1e-4


def adapted(model, cells, seed):
    """A copy of a `SpectrogramImputer` that has learned from intact columns; there is one a model.

    Copies of the audio lose more than it has lost: gaps as long, up to 256 columns, and the same
    bins, until a quarter of the intact columns has one. What they have lost is known, and the model
    learns to fill it, by the mean squared error, Adam with gradients clipped, and a rate that falls
    to nothing.

    Args:
        model: `SpectrogramImputer`.
        cells: float32 array (columns, 129), below 0 where a cell is missing, of loudness 1.
        seed: int, of the gaps and of the order.

    Returns:
        `SpectrogramImputer`; `model` itself where fewer than 32 columns next to each other are
        intact.
    """
    missing = cells < 0
    if max((end - start for start, end in true_intervals(~missing.any(axis=1))), default=0) < LEAST:
        return model
    random = np.random.default_rng(seed)
    copies = [_Losing(model, cells, random) for _ in range(COPIES)]
    window = min(WINDOW, len(copies[0].x))
    copy, fastest = _fresh_copy(model), IN_TWO_DIRECTIONS if model.bidirectional else LEARNING_RATE
    for step in range(STEPS):
        copy.core.optimizer.learning_rate = fastest * (1 - step / STEPS)
        chosen = [copies[i].window(window, random) for i in random.integers(COPIES, size=BATCH)]
        x, means, predicted, y, intact = (np.stack(one) for one in zip(*chosen, strict=True))
        copy.core.train_on_batch([x, means, predicted], y, sample_weight=intact)
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


class _Losing:
    """A part of the audio that has lost more than it had, and what the model's `before` says."""

    def __init__(self, model, cells, random):
        missing = cells < 0
        gaps, intact = true_intervals(missing.any(axis=1)), np.flatnonzero(~missing.any(axis=1))
        first = random.choice(intact) - MOST // 2
        first = int(np.clip(first, 0, max(len(cells) - MOST, 0)))
        self.y = cells[first : first + MOST]
        self.x, self.intact = self.y.copy(), ~(self.y < 0).any(axis=1)
        self.places = []  # of columns that were lost
        most = int(LOST * self.intact.sum())
        while len(self.places) < most or not self.places:
            start, end = gaps[random.integers(len(gaps))]
            still = true_intervals(~(self.x < 0).any(axis=1))
            longest = max(stop - begin for begin, stop in still)
            length = max(min(end - start, WINDOW, most - len(self.places), longest), 1)
            starts = [at for begin, stop in still for at in range(begin, stop - length + 1)]
            at, offset = random.choice(starts), random.integers(start, end - length + 1)
            self.x[at : at + length][missing[offset : offset + length]] = -1
            self.places += range(at, at + length)
        before = (keras.ops.convert_to_numpy(one)[0] for one in model.before(self.x[None]))
        self.means, self.predicted = (np.broadcast_to(one, self.x.shape) for one in before)

    def window(self, length, random):
        """What the core takes and gives of columns around a lost one, and where y is the truth."""
        at = int(random.choice(self.places) - random.integers(length))
        some = slice(max(min(at, len(self.x) - length), 0), None)
        parts = (self.x, self.means, self.predicted, self.y, self.intact.astype("float32"))
        return tuple(one[some][:length] for one in parts)
