"""Prediction of spectrogram cells from previous columns, by linear filters."""

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.common.float32_layer import Float32Layer

REACH = 64  # columns
DECAYS = (0.3, 0.7, 0.9, 0.96)  # of four filters, per column


@keras.saving.register_keras_serializable(package="rnnzoo")
class NearbyColumns(Float32Layer):
    """Corrects the prediction of each cell by filtered residuals of its bin's previous cells.

        r = k (x - p),   b_ft = p_ft + sum_i g_fi (1 - d_i) sum_u d_i^(u-1) r_(f, t - u)

    with u from 1 to 64 and k = 1 where a cell is known, else 0: in a gap the estimate starts from
    the last known cells and decays to p. The gains g are trainable, per bin.

    Call arguments:
        cells: array (batch, time, bins), below 0 where a cell is missing.
        predicted: array (batch, time or 1, bins), p: a mean, or another prediction.

    Returns:
        Array (batch, time, bins), an estimate of every cell, known or not.
    """

    def build(self, cells_shape, predicted_shape=None):
        """Creates the gains."""
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
        """The residuals before the first column: zeros (batch, 64, bins)."""
        return ops.zeros((batch, REACH, bins))

    def advance(self, cells, predicted, state):
        """The estimates, and the state after the last column."""
        residuals = ops.where(cells >= 0, cells - predicted, 0.0)
        residuals = ops.concatenate([state, residuals], axis=1)
        # The estimate of a column does not use the column itself.
        return predicted + self._filtered(residuals[:, :-1]), residuals[:, -REACH:]

    def _filtered(self, residuals):
        """Each bin (batch, time, bins) filtered with its own filter, without padding."""
        kernel = ops.matmul(ops.convert_to_tensor(self._basis()), ops.transpose(self.gains))
        return ops.depthwise_conv(residuals, kernel[..., None])

    def _basis(self):
        """The impulse responses of the filters, the farthest column first: float32 (64, 4)."""
        lags = np.arange(REACH, 0, -1)
        return np.stack([(1 - d) * d ** (lags - 1) for d in DECAYS], axis=1).astype("float32")

    def compute_output_shape(self, cells_shape, predicted_shape=None):
        """As the cells."""
        return tuple(cells_shape)
