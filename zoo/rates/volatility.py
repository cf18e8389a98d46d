"""Rates as a forecaster should see them: returns in units of their recent volatility.

    r_t = log(x_t / x_(t-1)),    s²_t = sum_k b^k r²_(t-k) / sum_k b^k  over all returns so far

Log returns, not differences: a rate has no natural unit (rupees or paise, rupees a dollar or
dollars a rupee), and most levels of the test years lie above those of the training years. s is the
exponentially weighted volatility of RiskMetrics; divided by it, quiet and wild years look alike.
"""

import keras
from keras import ops

# b: the volatility of about the last 17 days, which scales, and of about the last 100, to compare.
DECAYS = (0.94, 0.99)

# A rate that stands still, such as a pegged one, is taken to move by a thousandth of a percent.
FLOOR = 1e-5


def log_returns(rates):
    """r: (batch, time) rates -> (batch, time) log returns; the first, of which none is known, 0."""
    logs = ops.log(rates)
    return logs - ops.concatenate([logs[:, :1], logs[:, :-1]], axis=1)


def volatilities(returns):
    """s of each decay at each step.

    Args:
        returns: array (batch, time), what `log_returns` made.

    Returns:
        (s, sums, weights): arrays (batch, time, decays), alike, and (time, decays); the last two
        are the numerators and the denominators of s², times 1 - b.
    """
    step = ops.arange(ops.shape(returns)[1], dtype="float32")
    lag = step[:, None] - step[None, :]
    known = ops.cast((lag >= 0) & (step[None, :] > 0), "float32")
    sums, weights = [], []
    for decay in DECAYS:
        kernel = known * (1 - decay) * ops.power(decay, ops.maximum(lag, 0.0))
        sums.append(ops.matmul(ops.square(returns), ops.transpose(kernel)))
        weights.append(ops.sum(kernel, axis=1))
    sums, weights = ops.stack(sums, axis=-1), ops.stack(weights, axis=-1)
    return spread(sums, weights), sums, weights


def spread(sums, weights):
    """s of a numerator and a denominator; the floor where there is no return yet."""
    return ops.sqrt(sums / ops.maximum(weights, 1e-6) + FLOOR**2)


def features(returns, s):
    """(..., 2): r / s, and the logarithm of how the last days compare with the last months."""
    return ops.stack([returns / s[..., 0], ops.log(s[..., 0] / s[..., 1])], axis=-1)


def step(rate, states):
    """The same for one more day, from what was known before it.

    Args:
        rate: array (batch,).
        states: list of (batch,) the rate before, 0 if there is none; (batch, decays) sums and
            weights as `volatilities` has them.

    Returns:
        (features (batch, 2), s (batch, decays), states after it).
    """
    before, sums, weights = states
    known = ops.cast(before > 0, "float32")
    returns = known * ops.log(rate / ops.where(before > 0, before, rate))
    decay = ops.convert_to_tensor(DECAYS, "float32")
    sums = decay * sums + (1 - decay) * ops.square(returns)[:, None]
    weights = decay * weights + (1 - decay) * known[:, None]
    s = spread(sums, weights)
    return features(returns, s), s, [rate, sums, weights]


@keras.saving.register_keras_serializable(package="rnnzoo")
class ScaledReturns(keras.layers.Layer):
    """Rates to what the recurrent layers see.

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
        """Two numbers a step."""
        return (*input_shape, 2)
