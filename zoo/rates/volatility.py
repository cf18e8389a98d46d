"""Returns in units of their recent volatility: the inputs of a forecaster.

    r_t = log(x_t / x_(t-1)),    s²_t = sum_k b^k r²_(t-k) / sum_k b^k  over all returns so far

Log returns, not differences: a rate has no natural unit (rupees or paise, rupees per dollar or
dollars per rupee), and most levels of the test years lie above those of the training years. s is
the exponentially weighted volatility of RiskMetrics; it makes calm and turbulent years comparable.
"""

import keras
from keras import ops

from rnnzoo.layers.common.float32_layer import Float32Layer

# b: the volatility of about the last 17 days, which scales, and of about the last 100, to compare.
DECAYS = (0.94, 0.99)

# Lower bound of s, for a constant rate such as a pegged one: a thousandth of a percent.
FLOOR = 1e-5


def log_returns(rates, before=None):
    """r at each time step, 0 where there is no rate before it.

    Args:
        rates: array (batch, time).
        before: array (batch,), the rate before the first, 0 where there is none; or None.

    Returns:
        Array (batch, time).
    """
    logs = ops.log(rates)
    first = logs[:, :1]
    if before is not None:
        first = ops.where(before > 0, ops.log(ops.where(before > 0, before, 1.0)), logs[:, 0])
        first = first[:, None]
    return logs - ops.concatenate([first, logs[:, :-1]], axis=1)


def volatilities(returns, before=None, state=None):
    """s of each decay at each time step.

    Args:
        returns: array (batch, time), as of `log_returns`.
        before: array (batch,), see `log_returns`.
        state: [sums, weights], arrays (batch, decays), at the time step before the first; or None.

    Returns:
        (s, sums, weights): arrays (batch, time, decays), without a state the weights (time,
        decays). Sums and weights are the numerators and the denominators of s², times 1 - b.
    """
    step = ops.arange(ops.shape(returns)[1], dtype="float32")
    lag = step[:, None] - step[None, :]
    sums, weights = [], []
    for i, decay in enumerate(DECAYS):
        kernel = (1 - decay) * ops.power(decay, ops.maximum(lag, 0.0))
        kernel = kernel * ops.cast(lag >= 0, "float32")
        sums.append(ops.matmul(ops.square(returns), ops.transpose(kernel)))
        # The first return is only known where there is a rate before it.
        weights.append(ops.sum(kernel * ops.cast(step > 0, "float32"), axis=1))
        if state is not None:
            known = ops.cast(before > 0, "float32")[:, None]
            old = ops.power(decay, step + 1)
            sums[i] = sums[i] + old * state[0][:, i, None]
            weights[i] = weights[i] + known * kernel[:, 0] + old * state[1][:, i, None]
    sums, weights = ops.stack(sums, axis=-1), ops.stack(weights, axis=-1)
    return spread(sums, weights), sums, weights


def spread(sums, weights):
    """s of a numerator and a denominator; the floor where there is no return yet."""
    return ops.sqrt(sums / ops.maximum(weights, 1e-6) + FLOOR**2)


def has_read(weights, count):
    """bool (batch,), whether weights (batch, decays) are of `count` returns or more."""
    return weights[:, 0] > 1 - DECAYS[0] ** (count - 0.5)


def features(returns, s):
    """(..., 2): r / s, and log(s / s'), s' being the volatility of the last months."""
    return ops.stack([returns / s[..., 0], ops.log(s[..., 0] / s[..., 1])], axis=-1)


@keras.saving.register_keras_serializable(package="rnnzoo")
class ScaledReturns(Float32Layer):
    """Maps rates to the features that the recurrent layers read.

    Call arguments:
        inputs: array (batch, time), above 0, in any unit.

    Returns:
        Array (batch, time, 2), see `features`.
    """

    def call(self, inputs):
        """All steps at once."""
        returns = log_returns(inputs)
        return features(returns, volatilities(returns)[0])

    def compute_output_shape(self, input_shape):
        """Two features per time step."""
        return (*input_shape, 2)
