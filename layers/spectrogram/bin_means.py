"""The mean of each bin of a spectrogram, over its known cells."""

import keras
from keras import ops

from rnnzoo.layers.common.float32_layer import Float32Layer

MAX_COUNT = 2**20  # columns (45 minutes) after which the sums of a stream are halved


@keras.saving.register_keras_serializable(package="rnnzoo")
class BinMeans(Float32Layer):
    """The mean of the known cells of each bin, over all columns or causally.

        m_f = sum_t k_ft x_ft / sum_t k_ft,   k = 1 where a cell is known, else 0

    and 0 for a bin without known cells.

    Args:
        causal: bool, whether the mean at a column is over the columns up to it.

    Call arguments:
        cells: array (batch, time, bins), below 0 where a cell is missing.

    Returns:
        Array (batch, 1, bins), or (batch, time, bins) if causal.
    """

    def __init__(self, causal=False, **kwargs):
        super().__init__(**kwargs)
        self.causal = causal

    def call(self, cells):
        """The means."""
        return self.advance(cells, self.initial_state(ops.shape(cells)[0], cells.shape[-1]))[0]

    def initial_state(self, batch, bins):
        """List of the sums and counts before the first column, arrays (batch, bins)."""
        return [ops.zeros((batch, bins)), ops.zeros((batch, bins))]

    def advance(self, cells, state):
        """The means, and the state after the last column."""
        known = ops.cast(cells >= 0, "float32")
        added = ops.cumsum if self.causal else _summed
        both = added(ops.concatenate([known * cells, known], axis=2), axis=1)
        both = ops.concatenate(state, axis=1)[:, None] + both
        sums, counts = ops.split(both, 2, axis=2)
        after = ops.split(both[:, -1], 2, axis=1)
        # Halving both keeps the mean, and the sums stay where float32 resolves an addition.
        factor = ops.where(after[1] > MAX_COUNT, 0.5, 1.0)
        return sums / ops.maximum(counts, 1.0), [values * factor for values in after]

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "causal": self.causal}


def _summed(values, axis):
    return ops.sum(values, axis=axis, keepdims=True)
