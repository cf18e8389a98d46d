"""The loss of field forecasters."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="rnnzoo")
class NoiseToSignal(keras.losses.Loss):
    """Sum of squared errors over the sum of squared values, where these are not NaN.

    In decibels it is minus the signal to noise ratio of [TH] 7.2.
    """

    def __init__(self, name="noise_to_signal", reduction="sum_over_batch_size", dtype=None):
        super().__init__(name=name, reduction=reduction, dtype=dtype)

    def call(self, y_true, y_pred):
        """Loss of each sample, relative to the mean square of the batch."""
        known = ops.logical_not(ops.isnan(y_true))
        truth = ops.where(known, y_true, ops.zeros_like(y_true))
        errors = ops.where(known, ops.square(truth - y_pred), ops.zeros_like(truth))
        axes = tuple(range(1, len(y_pred.shape)))
        signal = ops.maximum(ops.mean(ops.square(truth), axis=axes), 1e-12)
        return ops.mean(errors, axis=axes) / ops.mean(signal)
