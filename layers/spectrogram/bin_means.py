"""How loud each bin of a spectrogram is, by its known cells."""

import keras
from keras import ops

MANY = 2**20  # columns, three quarters of an hour, after which a stream's older half counts less


@keras.saving.register_keras_serializable(package="rnnzoo")
class BinMeans(keras.layers.Layer):
    """The mean of the known cells of each bin, of all columns or of those up to each.

        m_f = sum_t k_ft x_ft / sum_t k_ft,   k = 1 where a cell is known, else 0

    and 0 of a bin of which nothing is known.

    Args:
        causal: bool, whether a column's mean is of itself and those before it.

    Call arguments:
        cells: array (batch, time, bins), below 0 where a cell is missing.

    Returns:
        Array (batch, 1, bins), causal (batch, time, bins).
    """

    def __init__(self, causal=False, **kwargs):
        super().__init__(**kwargs)
        self.causal = causal

    def call(self, cells):
        """The means."""
        return self.advance(cells, self.initial_state(ops.shape(cells)[0], cells.shape[-1]))[0]

    def initial_state(self, batch, bins):
        """(sums, counts) before the first column, arrays (batch, bins)."""
        return [ops.zeros((batch, bins)), ops.zeros((batch, bins))]

    def advance(self, cells, state):
        """Means, and the state after the last column."""
        known = ops.cast(cells >= 0, "float32")
        added = ops.cumsum if self.causal else _summed
        both = added(ops.concatenate([known * cells, known], axis=2), axis=1)
        both = ops.concatenate(state, axis=1)[:, None] + both
        sums, counts = ops.split(both, 2, axis=2)
        after = ops.split(both[:, -1], 2, axis=1)
        # Half of both has the same mean, and never grows to where float32 loses an addition.
        share = ops.where(after[1] > MANY, 0.5, 1.0)
        return sums / ops.maximum(counts, 1.0), [one * share for one in after]

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "causal": self.causal}


def _summed(values, axis):
    return ops.sum(values, axis=axis, keepdims=True)
