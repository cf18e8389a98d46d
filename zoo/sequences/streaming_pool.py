"""Pooling over time while time steps arrive."""

import keras
from keras import ops

from rnnzoo.sequences.masked_max import LOW


class PoolCell(keras.layers.Layer):
    """The last value, the mean or the maximum of all time steps so far; a cell for RNN layers.

        last:  p_t = x_t,    mean:  p_t = sum_(u <= t) x_u / t,    max:  p_t = max_(u <= t) x_u

    over the valid steps.

    Args:
        pool: str, `"last"`, `"mean"` or `"max"`.
        units: int.

    Call arguments:
        inputs: array (batch, units + 1), x_t, and 1 if the step is valid, 0 if it is padding.
        states: list of arrays (batch, units); of `"mean"` the sums and (batch, 1) the counts.

    Returns:
        (p_t (batch, units), states).
    """

    def __init__(self, pool, units, **kwargs):
        super().__init__(**kwargs)
        self.pool, self.output_size = pool, units
        self.state_size = [units, 1] if pool == "mean" else [units]

    def get_initial_state(self, batch_size=None):
        """States before the first step."""
        start = LOW if self.pool == "max" else 0.0
        return [ops.full((batch_size, size), start) for size in self.state_size]

    def call(self, inputs, states):
        """One time step."""
        x, valid = inputs[:, :-1], inputs[:, -1:]
        if self.pool == "mean":
            total, count = states[0] + valid * x, states[1] + valid
            return total / ops.maximum(count, 1.0), [total, count]
        new = x if self.pool == "last" else ops.maximum(states[0], x)
        pooled = ops.where(valid > 0, new, states[0])
        return pooled, [pooled]
