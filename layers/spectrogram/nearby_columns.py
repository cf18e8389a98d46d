"""What the columns near a missing cell say of it, by linear filters."""

import keras
import numpy as np
from keras import ops

REACH = 64  # columns
DECAYS = (0.3, 0.7, 0.9, 0.96)  # of four filters, a column


@keras.saving.register_keras_serializable(package="rnnzoo")
class NearbyColumns(keras.layers.Layer):
    """Each cell from how far known ones near by, of its bin, are from what is predicted of them.

        r = k (x - p),   b_ft = p_ft + sum_is g_fis (1 - d_i) sum_u d_i^(u-1) r_(f, t -+ u)

    u from 1 to 64: in a gap it goes on from what was last known and falls back to p, and of two
    sides it has both. The gains g are learned, a bin by itself.

    Args:
        causal: bool, whether only columns before a cell count.

    Call arguments:
        cells: array (batch, time, bins), below 0 where a cell is missing.
        predicted: array (batch, time or 1, bins), p: a mean, or more.

    Returns:
        Array (batch, time, bins), an estimate of every cell, known or not.
    """

    def __init__(self, causal=False, **kwargs):
        super().__init__(**kwargs)
        self.causal = causal

    def build(self, cells_shape, predicted_shape=None):
        """Makes the gains."""
        sides = 1 if self.causal else 2
        self.gains = self.add_weight(
            shape=(cells_shape[-1], sides * len(DECAYS)),
            initializer=keras.initializers.Constant(0.5 / sides),
            name="gains",
        )

    def call(self, cells, predicted):
        """The estimates."""
        rest = _rest(cells, predicted)
        edges = (REACH, 0) if self.causal else (REACH, REACH)
        return predicted + self._filtered(ops.pad(rest, ((0, 0), edges, (0, 0))))

    def initial_state(self, batch, bins):
        """What is before the first column: array (batch, 64, bins)."""
        return ops.zeros((batch, REACH, bins))

    def advance(self, cells, predicted, state):
        """Estimates from columns up to each, and the state after the last; causal only."""
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
        none = np.zeros((len(DECAYS), 1))
        if self.causal:  # the latest column, which comes first in a convolution, does not count
            return np.concatenate([none, after], axis=1).astype("float32")
        before = np.concatenate([0 * after, none, after], axis=1)
        return np.concatenate([before, before[:, ::-1]]).astype("float32")

    def compute_output_shape(self, cells_shape, predicted_shape=None):
        """As the cells."""
        return tuple(cells_shape)

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "causal": self.causal}


def _rest(cells, predicted):
    return ops.where(cells >= 0, cells - predicted, 0.0)


def _longer(rows, length):
    """Rows with zeros at their ends, of `length` together."""
    shape = ops.shape(rows)
    return ops.concatenate([rows, ops.zeros((*shape[:-1], length - shape[-1]))], axis=-1)
