"""Wiener interpolation of missing spectrogram cells from known cells of the same bin."""

import keras
from keras import ops

from rnnzoo.layers.common.float32_layer import Float32Layer

# Lags of the estimated covariance: up to 1 / LAG_FRACTION of the columns, since estimates at longer
# lags are noise, and at most MAX_LAGS, with more of which conjugate gradients take too many steps.
LAG_FRACTION, MAX_LAGS = 4, 8192
NOISE = 1e-2  # added to the spectrum, relative to the variance
# Conjugate gradients: largest number of steps, and tolerance of a bin's squared residual.
MAX_STEPS, TOLERANCE = 96, 1e-8


@keras.saving.register_keras_serializable(package="rnnzoo")
class WienerInterpolation(Float32Layer):
    """Corrects the prediction of each cell by the residuals of its bin's known cells.

        b = p + C M (M C M)^-1 M (x - p)

    with M = 1 where a cell is known, else 0, and C the covariances of x - p between columns,
    estimated from the known cells of the bin by lag, tapered to 0 at a quarter of the columns, with
    a spectrum clipped at 0. This is the best linear interpolation (Wiener, 1949), computed by
    preconditioned conjugate gradients; C is circulant and given by its spectrum. The layer has no
    weights.

    Call arguments:
        cells: array (batch, time, bins), below 0 where a cell is missing.
        predicted: array (batch, time or 1, bins), p: a mean, or another prediction.

    Returns:
        Array (batch, time, bins), without a gradient; close to the cells themselves where known.
    """

    def call(self, cells, predicted):
        """The interpolation."""
        known = ops.transpose(ops.cast(cells >= 0, "float32"), (0, 2, 1))
        residuals = known * ops.transpose(cells - predicted, (0, 2, 1))
        residuals, known = ops.stop_gradient(residuals), ops.stop_gradient(known)
        columns = ops.shape(cells)[1]
        lags = _minimum((columns + LAG_FRACTION - 1) // LAG_FRACTION, MAX_LAGS)
        length = columns + lags
        length = length + length % 2  # `irfft` returns an even length
        residuals, known = _padded(residuals, length), _padded(known, length)
        spectrum = _spectrum(residuals, known, lags, length)

        # Conjugate gradients for M C M w = M (x - p), preconditioned by M C^-1 M.
        def step(w, r, direction, rz):
            product = known * _filtered(direction, spectrum)
            alpha = rz / (_dot(direction, product) + 1e-30)
            w, r = w + alpha * direction, r - alpha * product
            z = known * _filtered(r, 1 / spectrum)
            new_rz = _dot(r, z)
            return w, r, z + new_rz / (rz + 1e-30) * direction, new_rz

        z = known * _filtered(residuals, 1 / spectrum)
        initial_rz = _dot(residuals, z)

        def not_converged(w, r, direction, rz):
            return ops.any(rz > TOLERANCE * initial_rz)

        state = ops.zeros_like(residuals), residuals, z, initial_rz
        w = ops.while_loop(not_converged, step, state, maximum_iterations=MAX_STEPS)[0]
        correction = _filtered(w, spectrum)[..., :columns]
        return ops.stop_gradient(predicted + ops.transpose(correction, (0, 2, 1)))

    def compute_output_shape(self, cells_shape, predicted_shape=None):
        """As the cells."""
        return tuple(cells_shape)


def _spectrum(residuals, known, lags, length):
    """The spectrum of C per bin (batch, bins, frequencies), for a variance of 1."""
    lag = ops.arange(length)
    lag = ops.cast(ops.minimum(lag, length - lag), "float32")
    taper = ops.relu(1 - lag / ops.cast(lags, "float32"))
    pairs = ops.maximum(_autocorrelation(known), 1.0)
    covariance = taper * _autocorrelation(residuals) / pairs
    variance = covariance[..., :1]
    covariance = covariance / ops.where(variance > 0, variance, 1.0)
    return ops.relu(ops.rfft(covariance)[0]) + NOISE


def _autocorrelation(values):
    """The sum of products of values at each lag (circular)."""
    re, im = ops.rfft(values)
    return ops.irfft((re**2 + im**2, ops.zeros_like(re)))


def _filtered(values, spectrum):
    """Circular convolution with a filter of a real spectrum."""
    re, im = ops.rfft(values)
    # The transforms lose the static shape.
    return ops.reshape(ops.irfft((re * spectrum, im * spectrum)), ops.shape(values))


def _dot(a, b):
    return ops.sum(a * b, axis=-1, keepdims=True)


def _minimum(count, limit):
    """The minimum of an int, or scalar tensor in a TensorFlow graph, and a number."""
    return min(count, limit) if isinstance(count, int) else ops.minimum(count, limit)


def _padded(rows, length):
    """Rows padded with zeros at their ends to `length`."""
    shape = ops.shape(rows)
    return ops.concatenate([rows, ops.zeros((*shape[:-1], length - shape[-1]))], axis=-1)
