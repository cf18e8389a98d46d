"""What the recurrent layers read: the last fields, those of a day ago, and of the last weeks."""

import keras
from keras import ops

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.fields.timeline import DAY, WEEK

WEEKS = 4  # whose mean is the trend
TRENDS = {"weeks": (WEEK, WEEKS), "days": (DAY, 14)}  # seconds of a period, and how many


@keras.saving.register_keras_serializable(package="rnnzoo")
class FieldHistory(keras.layers.Layer):
    """Closeness, period and trend of coefficients, for the prediction of the next step.

        x_t = (c_t, c_(t-1); c_(t+1-D), c_(t-D); w_(t+1), w_t),   w_t = mean over j of c_(t-jW)

    with D steps per day, W per week, and j from 1 to 4, as far as there have been fields. Before
    the first field, coefficients are 0: the mean field. What has no cycle of the week, such as
    weather, has a trend that is nearer: W is then a day, and j is up to 14.

    Args:
        step: int, seconds between two fields, a divisor of a day.
        trend: str, `"weeks"` or `"days"`, what the trend is the mean of.

    Raises:
        InputError: the trend is neither.

    Call arguments:
        inputs: array (batch, time, rank), coefficients.

    Returns:
        Array (batch, time, 6 rank).
    """

    parts, states = 6, 2

    def __init__(self, step, trend="weeks", **kwargs):
        super().__init__(**kwargs)
        if not isinstance(trend, str) or trend not in TRENDS:
            raise InputError(f"trend is {shown(trend)}: choose one of {', '.join(TRENDS)}")
        self.step, self.day, self.week, self.trend = step, DAY // step, WEEK // step, trend
        period, count = TRENDS[trend]
        self.period, self.length = period // step, count * (period // step)

    def initial_states(self, batch, rank):
        """[coefficients (batch, `length`, rank), number of fields so far (batch,)]: zeros."""
        return [ops.zeros((batch, self.length, rank)), ops.zeros((batch,))]

    def call(self, inputs):
        """Features after the initial states."""
        # Zeros of the batch's size without its number, which is not known in a graph.
        start = ops.zeros_like(inputs[:, :1])
        before = ops.repeat(start, self.length, axis=1)
        return self.features(inputs, [before, start[:, 0, 0]])[0]

    def features(self, coefficients, states):
        """(features (batch, time, 6 rank), states after them).

        Args:
            coefficients: array (batch, time, rank).
            states: as `initial_states` or an earlier call returned them.
        """
        before, seen = states
        known = ops.concatenate([before, coefficients], axis=1)

        def lag(steps):
            """Coefficients of so many steps before the one that is predicted."""
            return known[:, self.length + 1 - steps : (1 - steps) or None]

        counted = seen[:, None] + ops.cumsum(ops.ones_like(coefficients[:, :, 0]), axis=1)
        earlier = range(self.period, self.length + 1, self.period)
        weights = [ops.cast(counted > steps, coefficients.dtype)[:, :, None] for steps in earlier]
        total = ops.maximum(sum(weights), 1.0)
        trend = [
            sum(
                weight * lag(steps + offset) for weight, steps in zip(weights, earlier, strict=True)
            )
            / total
            for offset in (0, 1)
        ]
        parts = [lag(1), lag(2), lag(self.day), lag(self.day + 1), *trend]
        return ops.concatenate(parts, axis=-1), [known[:, -self.length :], counted[:, -1]]

    def compute_output_shape(self, input_shape):
        """Six times as many features."""
        return (*input_shape[:-1], self.parts * input_shape[-1])

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "step": self.step, "trend": self.trend}
