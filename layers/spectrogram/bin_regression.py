"""What the bins that are known throughout say of the others, by a regression of this very audio."""

import keras
from keras import ops

RIDGE = 0.03  # of a correlation
LOUD = 0.1  # of a bin's mean: where the logarithm begins to compress


@keras.saving.register_keras_serializable(package="rnnzoo")
class BinRegression(keras.layers.Layer):
    """Every cell from the bins of its column that are known in all columns, by ridge regression.

        p_t = m + W' z_t,   W = (Z'Z / n + r I)^-1 Z'(X - m) / n

    over the n columns without a missing cell, with z the bins that are known throughout and their
    logarithms, standardized, and 0 for others. Where no bin is known throughout, or no column
    intact, p is the mean. There is nothing to learn: W is of the audio itself, and takes no
    gradient.

    Call arguments:
        cells: array (batch, time, bins), below 0 where a cell is missing.
        means: array (batch, 1, bins), as `BinMeans` gives it.

    Returns:
        Array (batch, time, bins).
    """

    def call(self, cells, means):
        """The predictions."""
        seen, weights = self.fitted(cells, means)
        return means + ops.matmul(seen, weights)

    def fitted(self, cells, means):
        """(z (batch, time, 2 bins), W (batch, 2 bins, bins)), without a gradient."""
        known = ops.cast(cells >= 0, "float32")
        throughout = ops.min(known, axis=1, keepdims=True)
        intact = ops.min(known, axis=2, keepdims=True)
        count = ops.maximum(ops.sum(intact, axis=1, keepdims=True), 1.0)
        units = means + 1e-9
        given = ops.maximum(cells, 0.0) / units
        both = ops.concatenate([given, ops.log1p(given / LOUD)], axis=2)
        both = both * ops.concatenate([throughout, throughout], axis=2)
        middle = ops.sum(intact * both, axis=1, keepdims=True) / count
        spread = ops.sqrt(ops.sum(intact * (both - middle) ** 2, axis=1, keepdims=True) / count)
        seen = ops.where(spread > 1e-6, (both - middle) / ops.maximum(spread, 1e-6), 0.0)
        used = intact * seen / count
        wanted = intact * (cells - means)
        square = ops.matmul(ops.transpose(used, (0, 2, 1)), seen)
        square = square + RIDGE * ops.eye(square.shape[-1])
        weights = ops.solve(square, ops.matmul(ops.transpose(used, (0, 2, 1)), wanted))
        return ops.stop_gradient(seen), ops.stop_gradient(weights)

    def compute_output_shape(self, cells_shape, means_shape=None):
        """As the cells."""
        return tuple(cells_shape)
