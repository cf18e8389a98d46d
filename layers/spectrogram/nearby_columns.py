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
        rest = ops.concatenate([state, _rest(cells, predicted)], axis=1)
        return predicted + self._filtered(rest), rest[:, -REACH:]

    def _filtered(self, rest):
        """Each bin (batch, time, bins) through its own filter, where all of it lies inside."""
        kernel = ops.matmul(self.gains, ops.convert_to_tensor(self._basis()))
        taps = kernel.shape[-1]
        columns = ops.shape(rest)[1]
        length = columns + columns % 2  # an odd one could not be transformed back
        signal = _longer(ops.transpose(rest, (0, 2, 1)), length)
        re, im = ops.rfft(signal)
        kernel_re, kernel_im = ops.rfft(_longer(kernel, length))
        product = re * kernel_re - im * kernel_im, re * kernel_im + im * kernel_re
        found = ops.irfft(product)[..., taps - 1 : columns]
        return ops.transpose(found, (0, 2, 1))

    def _basis(self):
        """The filters that are mixed, a row each: float32 (filters, taps)."""
        away = np.arange(1, REACH + 1)
        after = np.stack([(1 - d) * d ** (away - 1) for d in DECAYS])
        # The latest column, which comes first in a convolution, does not count.
        return np.pad(after, ((0, 0), (1, 0))).astype("float32")

    def compute_output_shape(self, cells_shape, predicted_shape=None):
        """As the cells."""
        return tuple(cells_shape)


def _rest(cells, predicted):
    return ops.where(cells >= 0, cells - predicted, 0.0)


def _longer(rows, length):
    """Rows with zeros at their ends, of `length` together."""
    shape = ops.shape(rows)
    return ops.concatenate([rows, ops.zeros((*shape[:-1], length - shape[-1]))], axis=-1)
