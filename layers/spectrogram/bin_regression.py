"""Ridge regression of all bins of a spectrogram on those that are known in all columns."""

import keras
from keras import ops

from rnnzoo.layers.common.float32_layer import Float32Layer

RIDGE = 0.1  # relative to a correlation of 1
KNEE = 0.1  # of a bin's mean: where the logarithm begins to compress
BANDS = ((1, 1), (2, 4), (5, 12))  # distances in columns, from and to, averaged on both sides


@keras.saving.register_keras_serializable(package="rnnzoo")
class BinRegression(Float32Layer):
    """Predicts every cell from the bins that are known in all columns, by ridge regression.

        p_t = m + W' z_t,   W = (Z'Z / n + r I)^-1 Z'(X - m) / n

    over the n columns without a missing cell, with z the bins that are known in all columns and
    their logarithms, of the column itself and averaged over columns at distances of 1, 2 to 4, and
    5 to 12, all standardized, and 0 for other bins. Without such a bin, or such a column, p is the
    mean. The layer has no weights: W is fitted to each spectrogram, without a gradient.

    Call arguments:
        cells: array (batch, time, bins), below 0 where a cell is missing.
        means: array (batch, 1, bins), the output of `BinMeans`.

    Returns:
        Array (batch, time, bins).
    """

    def call(self, cells, means):
        """The predictions."""
        features, weights = self.fitted(cells, means)
        return means + ops.matmul(features, weights)

    def fitted(self, cells, means):
        """(z (batch, time, 8 bins), W (batch, 8 bins, bins)), without a gradient."""
        known = ops.cast(cells >= 0, "float32")
        throughout = ops.min(known, axis=1, keepdims=True)
        intact = ops.min(known, axis=2, keepdims=True)
        ratios = throughout * ops.maximum(cells, 0.0) / (means + 1e-9)
        logs = ops.log(1.0 + ratios / KNEE)
        own = _standardized(ops.concatenate([ratios, logs], axis=2), intact)
        around = ops.concatenate([_around(own, *band) for band in BANDS], axis=2)
        z = ops.concatenate([own, _standardized(around, intact)], axis=2)
        transposed = ops.transpose(intact * z / _count(intact), (0, 2, 1))
        moments = ops.matmul(transposed, z)
        moments = moments + RIDGE * ops.eye(moments.shape[-1])
        weights = ops.solve(moments, ops.matmul(transposed, intact * (cells - means)))
        return ops.stop_gradient(z), ops.stop_gradient(weights)

    def compute_output_shape(self, cells_shape, means_shape=None):
        """As the cells."""
        return tuple(cells_shape)


def _count(intact):
    return ops.maximum(ops.sum(intact, axis=1, keepdims=True), 1.0)


def _standardized(values, intact):
    """Values with mean 0 and variance 1 over intact columns; constant ones are 0."""
    mean = ops.sum(intact * values, axis=1, keepdims=True) / _count(intact)
    deviation = ops.sum(intact * (values - mean) ** 2, axis=1, keepdims=True) / _count(intact)
    deviation = ops.sqrt(deviation)
    return ops.where(deviation > 1e-6, (values - mean) / ops.maximum(deviation, 1e-6), 0.0)


def _around(values, nearest, farthest):
    """The mean of the columns at these distances on both sides; 0 beyond the ends."""
    columns = ops.shape(values)[1]
    padded = ops.pad(values, ((0, 0), (farthest, farthest), (0, 0)))
    pooled = ops.average_pool(padded, farthest - nearest + 1, strides=1, padding="valid")
    before, after = pooled[:, :columns], pooled[:, farthest + nearest :]
    return (before + after) / 2
