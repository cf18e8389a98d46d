"""What known cells on both sides say of the missing ones of their bin: Wiener interpolation."""

import keras
from keras import ops

# Lags that a covariance is estimated up to: a quarter of the columns, as longer ones are chance,
# and at most so many, as with more of them conjugate gradients take too many steps.
PARTS, LAGS = 4, 8192
NOISE = 1e-2  # of the variance, added to it
# Conjugate gradients: at most so many steps, and what is then left of a bin's error, squared.
STEPS, LEFT = 96, 1e-8


@keras.saving.register_keras_serializable(package="rnnzoo")
class WienerInterpolation(keras.layers.Layer):
    """Each cell from how far the known ones of its bin are from what is predicted of them.

        b = p + C M (M C M)^-1 M (x - p)

    with M = 1 where a cell is known, else 0, and C the covariances of x - p between columns, as
    estimated from the known cells of the bin: by lag, tapered to 0 at a quarter of the columns,
    none of its spectrum below 0. The best linear interpolation (Wiener, 1949), by conjugate
    gradients. C is a circulant: its spectrum is all there is of it. There is nothing to learn.

    Call arguments:
        cells: array (batch, time, bins), below 0 where a cell is missing.
        predicted: array (batch, time or 1, bins), p: a mean, or more.

    Returns:
        Array (batch, time, bins), without a gradient; of known cells nearly these themselves.
    """

    def call(self, cells, predicted):
        """The interpolation."""
        known = ops.transpose(ops.cast(cells >= 0, "float32"), (0, 2, 1))
        rest = known * ops.transpose(cells - predicted, (0, 2, 1))
        rest, known = ops.stop_gradient(rest), ops.stop_gradient(known)
        columns = ops.shape(cells)[1]
        lags = _at_most((columns + PARTS - 1) // PARTS, LAGS)
        length = columns + lags
        length = length + length % 2  # an odd one could not be transformed back
        rest, known = _longer(rest, length), _longer(known, length)
        spectrum = _spectrum(rest, known, lags, length)

        def covariances(values):
            return _filtered(values, spectrum)

        def step(found, left, direction, size):
            across = known * covariances(direction)
            share = size / (_dot(direction, across) + 1e-30)
            found, left = found + share * direction, left - share * across
            better = known * _filtered(left, 1 / spectrum)
            now = _dot(left, better)
            return found, left, better + now / (size + 1e-30) * direction, now

        first = known * _filtered(rest, 1 / spectrum)
        size = _dot(rest, first)

        def goes_on(found, left, direction, now):
            return ops.any(now > LEFT * size)

        state = ops.zeros_like(rest), rest, first, size
        weights = ops.while_loop(goes_on, step, state, maximum_iterations=STEPS)[0]
        found = covariances(weights)[..., :columns]
        return ops.stop_gradient(predicted + ops.transpose(found, (0, 2, 1)))

    def compute_output_shape(self, cells_shape, predicted_shape=None):
        """As the cells."""
        return tuple(cells_shape)


def _spectrum(rest, known, lags, length):
    """Of C, by bin (batch, bins, frequencies), of a variance of 1."""
    lag = ops.arange(length)
    lag = ops.cast(ops.minimum(lag, length - lag), "float32")
    taper = ops.relu(1 - lag / ops.cast(lags, "float32"))
    pairs = ops.maximum(_powers(known, length), 1.0)
    covariance = taper * _powers(rest, length) / pairs
    variance = covariance[..., :1]
    covariance = covariance / ops.where(variance > 0, variance, 1.0)
    return ops.relu(ops.rfft(covariance)[0]) + NOISE


def _powers(values, length):
    """By lag, the sum of products of values that are as far from each other."""
    re, im = ops.rfft(values)
    return ops.irfft((re**2 + im**2, ops.zeros_like(re)))


def _filtered(values, spectrum):
    re, im = ops.rfft(values)
    # What is known of the shape would be lost on the way.
    return ops.reshape(ops.irfft((re * spectrum, im * spectrum)), ops.shape(values))


def _dot(a, b):
    return ops.sum(a * b, axis=-1, keepdims=True)


def _at_most(count, most):
    """The smaller one of an int, which TensorFlow may know only later, and a number."""
    return min(count, most) if isinstance(count, int) else ops.minimum(count, most)


def _longer(rows, length):
    """Rows with zeros at their ends, of `length` together."""
    shape = ops.shape(rows)
    return ops.concatenate([rows, ops.zeros((*shape[:-1], length - shape[-1]))], axis=-1)
