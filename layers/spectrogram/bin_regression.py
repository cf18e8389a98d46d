"""What the bins that are known throughout say of the others, by a regression of this very audio."""

import keras
from keras import ops

RIDGE = 0.1  # of a correlation
LOUD = 0.1  # of a bin's mean: where the logarithm begins to compress
BANDS = ((1, 1), (2, 4), (5, 12))  # columns away, from and to, that are averaged on both sides


@keras.saving.register_keras_serializable(package="rnnzoo")
class BinRegression(keras.layers.Layer):
    """Every cell from the bins that are known in all columns, by ridge regression.

        p_t = m + W' z_t,   W = (Z'Z / n + r I)^-1 Z'(X - m) / n

    over the n columns without a missing cell, with z the bins that are known throughout and their
    logarithms, of the column itself and the means of those 1, 2 to 4, and 5 to 12 away, all
    standardized, and 0 for other bins. Where no bin is known throughout, or no column intact, p is
    the mean. There is nothing to learn: W is of the audio itself, and takes no gradient.

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
        """(z (batch, time, 8 bins), W (batch, 8 bins, bins)), without a gradient."""
        known = ops.cast(cells >= 0, "float32")
        throughout = ops.min(known, axis=1, keepdims=True)
        intact = ops.min(known, axis=2, keepdims=True)
        given = throughout * ops.maximum(cells, 0.0) / (means + 1e-9)
        own = _standardized(ops.concatenate([given, ops.log(1.0 + given / LOUD)], axis=2), intact)
        around = ops.concatenate([_around(own, *band) for band in BANDS], axis=2)
        seen = ops.concatenate([own, _standardized(around, intact)], axis=2)
        used = ops.transpose(intact * seen / _count(intact), (0, 2, 1))
        square = ops.matmul(used, seen)
        square = square + RIDGE * ops.eye(square.shape[-1])
        weights = ops.solve(square, ops.matmul(used, intact * (cells - means)))
        return ops.stop_gradient(seen), ops.stop_gradient(weights)

    def compute_output_shape(self, cells_shape, means_shape=None):
        """As the cells."""
        return tuple(cells_shape)


def _count(intact):
    return ops.maximum(ops.sum(intact, axis=1, keepdims=True), 1.0)


def _standardized(values, intact):
    """Of mean 0 and variance 1 over intact columns; what does not vary is 0."""
    middle = ops.sum(intact * values, axis=1, keepdims=True) / _count(intact)
    spread = ops.sum(intact * (values - middle) ** 2, axis=1, keepdims=True) / _count(intact)
    spread = ops.sqrt(spread)
    return ops.where(spread > 1e-6, (values - middle) / ops.maximum(spread, 1e-6), 0.0)


def _around(values, nearest, farthest):
    """The mean of the columns so far away on both sides; beyond the ends they count as 0."""
    columns = ops.shape(values)[1]
    padded = ops.pad(values, ((0, 0), (farthest, farthest), (0, 0)))
    pooled = ops.average_pool(padded, farthest - nearest + 1, strides=1, padding="valid")
    before, after = pooled[:, :columns], pooled[:, farthest + nearest :]
    return (before + after) / 2
