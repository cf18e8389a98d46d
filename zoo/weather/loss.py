"""The loss of weather forecasters."""

import keras
from keras import ops

from rnnzoo.weather.parameter_cells import ParameterCells


@keras.saving.register_keras_serializable(package="rnnzoo")
class DeviationError(keras.losses.Loss):
    """Mean over parameters of squared errors in units of the place's deviations from its season.

    A forecast of the season itself has about 1. What is missing, or has no unit, is left out.

    Args:
        scales: dict from parameter to scale, see `rnnzoo.weather.parameter_cells.ParameterCells`.
    """

    def __init__(self, scales, name="deviation_error", reduction="sum_over_batch_size", dtype=None):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self._cells = ParameterCells(scales)

    def call(self, y_true, y_pred):
        """Loss of each sample.

        Args:
            y_true: raw values (batch, time, 1, 1, parameters), NaN where missing.
            y_pred: predictions (batch, time, 1, 1, 2 cells), see `WeatherBasis`.
        """
        cells = self._cells
        unit = y_pred[..., len(cells) :]
        there = ops.logical_not(ops.isnan(y_true))
        u = cells.scaled(ops.where(there, y_true, ops.zeros_like(y_true)))
        known = ops.take(there, cells.parameter, axis=-1)
        known = ops.logical_and(known, unit > 0)
        errors = (u - y_pred[..., : len(cells)]) / ops.where(known, unit, ops.ones_like(unit))
        errors = ops.where(known, ops.square(errors), ops.zeros_like(errors))
        count = ops.sum(ops.cast(known, errors.dtype), axis=1)
        of_cells = ops.sum(errors, axis=1) / ops.maximum(count, 1.0)
        has = ops.cast(count > 0, errors.dtype)
        return ops.sum(of_cells, axis=(1, 2, 3)) / ops.maximum(ops.sum(has, axis=(1, 2, 3)), 1.0)

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "scales": self._cells.scales}
