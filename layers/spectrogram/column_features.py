"""Features of spectrogram columns for a network, and its outputs as magnitudes."""

import keras
from keras import ops

FLOOR = 0.01  # of the mean of all bins, added to the mean of a bin: quiet bins stay quiet


@keras.saving.register_keras_serializable(package="rnnzoo", name="ColumnsSeen")
class ColumnFeatures(keras.layers.Layer):
    """Log-compressed cells in units of their bin's mean, and the fraction of missing cells.

        s = log(1 + x / (m + 0.01 mean(m))) - log 2,   x = b where a cell is missing

    Call arguments:
        cells: array (batch, time, bins), below 0 where a cell is missing.
        means: array (batch, time or 1, bins), m.
        nearby: array (batch, time, bins), b: the estimate before the network's.

    Returns:
        Array (batch, time, bins + 1).
    """

    def call(self, cells, means, nearby):
        """The features of each column."""
        units = means + FLOOR * ops.mean(means, axis=-1, keepdims=True) + 1e-9
        filled = ops.where(cells >= 0, cells, ops.relu(nearby))
        missing = ops.mean(ops.cast(cells < 0, "float32"), axis=-1, keepdims=True)
        return ops.concatenate([ops.log(0.5 + 0.5 * filled / units), missing], axis=-1)

    def compute_output_shape(self, cells_shape, *others):
        """(batch, time, bins + 1)."""
        return (*cells_shape[:-1], cells_shape[-1] + 1)


@keras.saving.register_keras_serializable(package="rnnzoo", name="ColumnsFilled")
class FilledColumns(keras.layers.Layer):
    """Replaces missing cells by estimates.

        x^ = max(0, b + a m)

    Call arguments:
        cells: array (batch, time, bins), below 0 where a cell is missing.
        means: array (batch, time or 1, bins), m.
        nearby: array (batch, time, bins), b.
        correction: array (batch, time, bins), a: the network's output, in units of the mean.

    Returns:
        Array (batch, time, bins), with no cell below 0.
    """

    def call(self, cells, means, nearby, correction):
        """The magnitudes."""
        return ops.where(cells >= 0, cells, ops.relu(nearby + correction * means))

    def compute_output_shape(self, cells_shape, *others):
        """As the cells."""
        return tuple(cells_shape)
