"""Distributions as quantiles at fixed levels: the layer that outputs them, and interpolation."""

import keras
import numpy as np
from keras import ops
from scipy.stats import norm

# 1%, 5%, 10%, ... 95%, 99%.
LEVELS = (0.01, *(round(0.05 * i, 2) for i in range(1, 20)), 0.99)
MEDIAN = LEVELS.index(0.5)

# The interval whose coverage is calibrated, 90%.
LOW, HIGH = LEVELS.index(0.05), LEVELS.index(0.95)

# Days ahead whose intervals are calibrated; between them the factor is linear in log(days), beyond
# the last it stays.
HORIZONS = (1, 5, 20)


@keras.saving.register_keras_serializable(package="rnnzoo")
class QuantileHead(keras.layers.Layer):
    """Location and quantiles that cannot cross.

        q_50 = m,  q_(i+1) = q_i + softplus(d_i + d⁰_i),  q := m + c (q - m),  l := t l

    with the location l, m and d linear in the input. At first all three are 0, which makes the
    quantiles those of the standard normal distribution. c is the `calibration`, t the `trust` in
    the location, both 1 until they are set, as is `widening`, the calibration of longer horizons,
    one number for each of `HORIZONS`, which the layer stores and does not use.

    Call arguments:
        inputs: array (..., units).

    Returns:
        Array (..., 1 + levels): the location, then the quantiles at `LEVELS`, ascending.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.linear = keras.layers.Dense(
            len(LEVELS) + 1, kernel_initializer="zeros", name="linear", dtype="float32"
        )
        self._first = np.log(np.expm1(np.diff(norm.ppf(LEVELS)))).astype("float32")

    def build(self, input_shape):
        """Makes the weights."""
        self.linear.build(input_shape)
        self.calibration = self._ones((), "calibration")
        self.trust = self._ones((), "trust")
        self.widening = self._ones((len(HORIZONS),), "widening")
        self.built = True

    def _ones(self, shape, name):
        return self.add_weight(
            shape=shape, initializer="ones", trainable=False, name=name, dtype="float32"
        )

    def call(self, inputs):
        """Gaps are added up from the median to both sides."""
        location, median, gaps = ops.split(self.linear(inputs), [1, 2], axis=-1)
        gaps = ops.softplus(gaps + self._first)
        above = ops.cumsum(gaps[..., MEDIAN:], axis=-1)
        below = ops.flip(ops.cumsum(ops.flip(gaps[..., :MEDIAN], axis=-1), axis=-1), axis=-1)
        c = self.calibration
        location = self.trust * location
        return ops.concatenate([location, median - c * below, median, median + c * above], axis=-1)

    def compute_output_shape(self, input_shape):
        """The location and the levels."""
        return (*input_shape[:-1], 1 + len(LEVELS))


@keras.saving.register_keras_serializable(package="rnnzoo")
class QuantileLoss(keras.losses.Loss):
    """Mean pinball loss of the quantiles, and a little of the location's Huber loss.

    The first steps of a window are masked: there the volatility is estimated from few days.

    Args:
        skip: int, number of masked steps.
    """

    LOCATION, HUBER = 0.1, 4.0

    def __init__(self, skip=20, name="quantile_loss"):
        super().__init__(name=name)
        self.skip = skip

    def call(self, y_true, y_pred):
        """(batch, time) and (batch, time, 1 + levels) -> (batch, time - skip)."""
        y, predicted = y_true[:, self.skip :, None], y_pred[:, self.skip :]
        error = y - predicted[..., 1:]
        levels = ops.convert_to_tensor(LEVELS, "float32")
        pinball = ops.mean(ops.maximum(levels * error, (levels - 1) * error), axis=-1)
        away = ops.abs(y - predicted[..., :1])[..., 0]
        inner = ops.minimum(away, self.HUBER)
        return pinball + self.LOCATION * inner * (away - inner / 2)

    def get_config(self):
        """The arguments of the constructor."""
        return {"skip": self.skip, "name": self.name}


def at(quantiles, probabilities):
    """Quantiles at any probability: linear between the levels, exponential tails beyond them.

    A tail continues from its last two levels: P(X < x) = p exp(-(q_p - x) / b).

    Args:
        quantiles: array (rows, levels), ascending, at `LEVELS`.
        probabilities: array (rows, n), or (n,) for all rows; between 0 and 1.

    Returns:
        float64 array (rows, n).
    """
    q, levels = np.asarray(quantiles, "float64"), np.array(LEVELS)
    p = np.broadcast_to(probabilities, (len(q), np.shape(probabilities)[-1]))
    right = np.clip(np.searchsorted(levels, p), 1, len(levels) - 1)
    before, after = (np.take_along_axis(q, right - shift, axis=1) for shift in (1, 0))
    share = (p - levels[right - 1]) / (levels[right] - levels[right - 1])
    inside = before + share * (after - before)
    low = q[:, :1] - (q[:, 1:2] - q[:, :1]) * np.log(levels[0] / p) / np.log(levels[1] / levels[0])
    rest = np.log((1 - levels[-1]) / (1 - p)) / np.log((1 - levels[-2]) / (1 - levels[-1]))
    high = q[:, -1:] + (q[:, -1:] - q[:, -2:-1]) * rest
    return np.where(p < levels[0], low, np.where(p > levels[-1], high, inside))


def interval_scores(truth, low, median, high):
    """Distance of a value from the median, in units of the half interval on its side.

    Args:
        truth, low, median, high: arrays of one shape.

    Returns:
        Array of that shape; up to 1 inside the interval.
    """
    return np.maximum((truth - median) / (high - median), (median - truth) / (median - low))


def conformal_factor(scores, share=0.9):
    """Factor of the intervals that covers a share of values: split conformal prediction.

    Args:
        scores: array (n,), `interval_scores` of values that were not trained on.
        share: float.

    Returns:
        float: the score of rank ceil((n + 1) share), the largest if there is none.
    """
    rank = min(int(np.ceil((len(scores) + 1) * share)), len(scores))
    return float(np.sort(scores)[rank - 1])
