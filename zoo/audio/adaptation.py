"""Fine-tuning of a pretrained imputer on the intact part of the audio that it is to restore."""

import weakref

import keras
import numpy as np

from rnnzoo.architectures import fast
from rnnzoo.datasets.common.intervals import true_intervals

STEPS, BATCH, WINDOW = 80, 8, 256
PER_STEP = 22  # columns of the audio: of less than 1,760 there are fewer steps
# Copies with further gaps: their number, maximal columns of each, and the share of intact columns
# that get a gap.
COPIES, MOST, LOST = 4, 4096, 1 / 4
LEAST = 32  # consecutive intact columns that are needed
# Of a unidirectional model. The estimates that a bidirectional one corrects are fitted to the audio
# itself, and leave less to learn: at a higher rate it did worse on held-out pieces.
LEARNING_RATE, IN_TWO_DIRECTIONS = 1e-3, 1e-4


def adapted(model, channels, seed, progress=None):
    """A copy of a `SpectrogramImputer`, fine-tuned on the intact columns; one copy per model.

    Copies of the audio get further gaps: as long as its own, up to 256 columns, and of the same
    bins, until a quarter of the intact columns has one. The truth in them is known, and the model
    is trained to fill them, by mean squared error, Adam with gradient clipping, and a learning rate
    that falls linearly to 0.

    Args:
        model: `SpectrogramImputer`.
        channels: list of float32 arrays (columns, 129), below 0 where a cell is missing, the same
            ones in each, of loudness 1; the copies are of each in turn.
        seed: int, of the gaps and of the order.
        progress: function (iterable, label str, unit str) to an iterable of the same items that
            reports the copies and the steps; or None.

    Returns:
        `SpectrogramImputer`; `model` itself if fewer than 32 consecutive columns are intact.
    """
    intact = ~(channels[0] < 0).any(axis=1)
    if max((end - start for start, end in true_intervals(intact)), default=0) < LEAST:
        return model
    random = np.random.default_rng(seed)
    steps = min(STEPS, -(-len(intact) // PER_STEP))
    copy, fastest = _fresh_copy(model), IN_TWO_DIRECTIONS if model.bidirectional else LEARNING_RATE
    todo, copies = range(-COPIES, steps), []
    for step in progress(todo, "adapting to the intact part", "step") if progress else todo:
        if step < 0:
            copies.append(FurtherGaps(model, channels[len(copies) % len(channels)], random))
            continue
        window = min(WINDOW, len(copies[0].x))
        copy.core.optimizer.learning_rate = fastest * (1 - step / steps)
        chosen = [copies[i].window(window, random) for i in random.integers(COPIES, size=BATCH)]
        x, means, predicted, y, known = map(np.stack, zip(*chosen, strict=True))
        copy.core.train_on_batch([x, means, predicted], y, sample_weight=known)
    return copy


def _fresh_copy(model):
    """A copy with the model's weights and a reset optimizer; traced only once."""
    if model not in _COPIES:
        layers = [fast(layer) for layer in model.wrapped_layers()]
        copy = type(model)(**{**model.get_config(), "recurrent": layers})
        copy.core.compile(keras.optimizers.Adam(global_clipnorm=1.0), "mse")
        copy.core.optimizer.build(copy.core.trainable_variables)
        _COPIES[model] = copy
    copy = _COPIES[model]
    copy.set_weights(model.get_weights())
    for state in copy.core.optimizer.variables:
        state.assign(keras.ops.zeros(state.shape, state.dtype))
    return copy


# Not an attribute: Keras would count the copy's weights among the model's.
_COPIES = weakref.WeakKeyDictionary()


class FurtherGaps:
    """A part of the audio with further gaps, and the estimates of the model's `before`."""

    def __init__(self, model, cells, random):
        missing = cells < 0
        gaps, intact = true_intervals(missing.any(axis=1)), np.flatnonzero(~missing.any(axis=1))
        first = random.choice(intact) - MOST // 2
        first = int(np.clip(first, 0, max(len(cells) - MOST, 0)))
        self.y = cells[first : first + MOST]
        self.x, self.intact = self.y.copy(), ~(self.y < 0).any(axis=1)
        self.columns = []  # indices of the further missing columns
        most = int(LOST * self.intact.sum())
        while len(self.columns) < most or not self.columns:
            start, end = gaps[random.integers(len(gaps))]
            still = true_intervals(~(self.x < 0).any(axis=1))
            longest = max(stop - begin for begin, stop in still)
            length = max(min(end - start, WINDOW, most - len(self.columns), longest), 1)
            starts = [at for begin, stop in still for at in range(begin, stop - length + 1)]
            first, offset = random.choice(starts), random.integers(start, end - length + 1)
            self.x[first : first + length][missing[offset : offset + length]] = -1
            self.columns += range(first, first + length)
        estimates = (keras.ops.convert_to_numpy(batch)[0] for batch in model.before(self.x[None]))
        self.means, self.predicted = (np.broadcast_to(e, self.x.shape) for e in estimates)

    def window(self, length, random):
        """Inputs and targets of the core around a further gap, and a mask of intact targets."""
        first = int(random.choice(self.columns) - random.integers(length))
        first = max(min(first, len(self.x) - length), 0)
        parts = (self.x, self.means, self.predicted, self.y, self.intact.astype("float32"))
        return tuple(part[first : first + length] for part in parts)
