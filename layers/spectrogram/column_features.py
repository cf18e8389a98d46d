"""Columns of a spectrogram as a network sees them, and its answer as magnitudes."""

import keras
from keras import ops

LEAST = 0.01  # of the mean of all bins: a bin that is quieter does not count as loud by chance


@keras.saving.register_keras_serializable(package="rnnzoo", name="ColumnsSeen")
class ColumnFeatures(keras.layers.Layer):
    """Cells in units of their bin's mean, compressed, and the share of those that are missing.

        s = log(1 + x / (m + 0.01 mean(m))) - log 2,   x = b where a cell is missing

    Call arguments:
        cells: array (batch, time, bins), below 0 where a cell is missing.
        means: array (batch, time or 1, bins), m.
        nearby: array (batch, time, bins), b: the estimate before the network's.

    Returns:
        Array (batch, time, bins + 1).
    """

    def call(self, cells, means, nearby):
        """What is seen of each column."""
        units = means + LEAST * ops.mean(means, axis=-1, keepdims=True) + 1e-9
        filled = ops.where(cells >= 0, cells, ops.relu(nearby))
        share = ops.mean(ops.cast(cells < 0, "float32"), axis=-1, keepdims=True)
        return ops.concatenate([ops.log(0.5 + 0.5 * filled / units), share], axis=-1)

    def compute_output_shape(self, cells_shape, *others):
        """One more than the bins."""
        return (*cells_shape[:-1], cells_shape[-1] + 1)


@keras.saving.register_keras_serializable(package="rnnzoo", name="ColumnsFilled")
class FilledColumns(keras.layers.Layer):
    """Known cells as they are, missing ones estimated.

        x^ = max(0, b + a m)

    Call arguments:
        cells: array (batch, time, bins), below 0 where a cell is missing.
        means: array (batch, time or 1, bins), m.
        nearby: array (batch, time, bins), b.
        said: array alike, a: the network's answer, in units of the mean.

    Returns:
        Array (batch, time, bins), none below 0.
    """

    def call(self, cells, means, nearby, said):
        """The magnitudes."""
        return ops.where(cells >= 0, cells, ops.relu(nearby + said * means))

    def compute_output_shape(self, cells_shape, *others):
        """As the cells."""
        return tuple(cells_shape)
