"""What the columns before a missing cell say of it, by linear filters."""

import keras
import numpy as np
from keras import ops

REACH = 64  # columns
DECAYS = (0.3, 0.7, 0.9, 0.96)  # of four filters, a column


@keras.saving.register_keras_serializable(package="rnnzoo")
class NearbyColumns(keras.layers.Layer):
    """Each cell from how far known ones before it, of its bin, are from what is predicted of them.

        r = k (x - p),   b_ft = p_ft + sum_i g_fi (1 - d_i) sum_u d_i^(u-1) r_(f, t - u)

    u from 1 to 64: in a gap it goes on from what was last known and falls back to p. The gains g
    are learned, a bin by itself.

    Call arguments:
        cells: array (batch, time, bins), below 0 where a cell is missing.
        predicted: array (batch, time or 1, bins), p: a mean, or more.

    Returns:
        Array (batch, time, bins), an estimate of every cell, known or not.
    """

    def build(self, cells_shape, predicted_shape=None):
        """Makes the gains."""
        self.gains = self.add_weight(
            shape=(cells_shape[-1], len(DECAYS)),
            initializer=keras.initializers.Constant(0.5),
            name="gains",
        )

    def call(self, cells, predicted):
        """The estimates."""
        state = self.initial_state(ops.shape(cells)[0], cells.shape[-1])
        return self.advance(cells, predicted, state)[0]

    def initial_state(self, batch, bins):
        """What is before the first column: array (batch, 64, bins)."""
        return ops.zeros((batch, REACH, bins))

    def advance(self, cells, predicted, state):
        """Estimates, and the state after the last column."""
        rest = ops.where(cells >= 0, cells - predicted, 0.0)
        rest = ops.concatenate([state, rest], axis=1)
        # The latest column does not count for itself.
        return predicted + self._filtered(rest[:, :-1]), rest[:, -REACH:]

    def _filtered(self, rest):
        """Each bin (batch, time, bins) through its own filter, where all of it lies inside."""
        kernel = ops.matmul(ops.convert_to_tensor(self._basis()), ops.transpose(self.gains))
        return ops.depthwise_conv(rest, kernel[..., None])

    def _basis(self):
        """The filters that are mixed, a column each, the farthest first: float32 (64, filters)."""
        away = np.arange(REACH, 0, -1)
        return np.stack([(1 - d) * d ** (away - 1) for d in DECAYS], axis=1).astype("float32")

    def compute_output_shape(self, cells_shape, predicted_shape=None):
        """As the cells."""
        return tuple(cells_shape)
