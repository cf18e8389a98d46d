"""What the recurrent layers read of daily deviations: three days, a week and four weeks."""

import keras
from keras import ops

from rnnzoo.datasets.fields.timeline import DAY
from rnnzoo.fields.history import FieldHistory

LAGS, MEANS = 3, (7, 28)  # days


@keras.saving.register_keras_serializable(package="rnnzoo")
class DailyHistory(FieldHistory):
    """The last three days of coefficients, and their means over the last week and four weeks.

    Before the first day, coefficients are 0.

    Call arguments:
        inputs: array (batch, time, rank), coefficients.

    Returns:
        Array (batch, time, 5 rank).
    """

    parts = 5

    def __init__(self, step=DAY, **kwargs):
        super().__init__(step, **kwargs)

    def features(self, coefficients, states):
        """As `FieldHistory.features`; (features (batch, time, 5 rank), states after them)."""
        before, seen = states
        known = ops.concatenate([before, coefficients], axis=1)
        lags = [known[:, self.length - lag : (-lag) or None] for lag in range(LAGS)]
        means = [
            ops.average_pool(known[:, self.length + 1 - days :], days, strides=1) for days in MEANS
        ]
        counted = seen + ops.cast(ops.shape(coefficients)[1], coefficients.dtype)
        return ops.concatenate([*lags, *means], axis=-1), [known[:, -self.length :], counted]
