"""NEMLSTM and NEMGRU in half and in double precision."""

import keras
import numpy as np
import pytest
from keras import ops

from rnnzoo.layers import NEMGRU, NEMLSTM

pytestmark = [pytest.mark.portable, pytest.mark.once]

LSTM, GRU = keras.layers.LSTM, keras.layers.GRU
each_layer = pytest.mark.parametrize(("noisy", "stock"), [(NEMLSTM, LSTM), (NEMGRU, GRU)], ids=str)


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


X, UNITS = numbers(3, 4, 2, seed=1), 5


def silence(shape, dtype=None, seed=None):
    """Noise that is none: a layer under it takes its noisy way."""
    return ops.zeros(shape, dtype=dtype)


def filled(layer):
    """The layer with random weights."""
    layer.build(X.shape)
    layer.set_weights([numbers(*w.shape, seed=i) for i, w in enumerate(layer.weights)])
    return layer


@pytest.mark.parametrize(
    ("noisy", "policy"), [(NEMLSTM, "mixed_float16"), (NEMGRU, "mixed_bfloat16")]
)
def test_training_in_half_precision(noisy, policy):
    layer = noisy(UNITS, dtype=policy, noise_std=0.5)
    model = keras.Sequential([keras.Input(X.shape[1:]), layer])
    model.compile("sgd", "mse")
    before = filled(layer).get_weights()
    losses = [model.train_on_batch(X, numbers(3, UNITS)) for _ in range(3)]
    assert np.all(np.isfinite(losses))
    assert all(np.isfinite(w).all() for w in layer.get_weights())
    assert any(np.abs(w - b).max() > 0 for w, b in zip(layer.get_weights(), before, strict=True))


@each_layer
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_decides_in_float32(noisy, stock, policy):
    """Two units with log(g / (1 - g)) = 0 and 2, noise 0.25 and -1e-5: n . logit = -2e-5 < 0.

    In half precision g + n = g for the second unit: the sum would be 0, the noise be kept, and
    the first gate go from 0.5 to 0.75.
    """

    def noise(shape, dtype=None, seed=None):
        return ops.broadcast_to(ops.convert_to_tensor([1.0, -4e-5], dtype=dtype), shape)

    def first_unit(kind):
        gates = ["output"] if stock is LSTM else ["update"]
        settings = {"noise_std": 0.25, "noise_gates": gates, "noise_distribution": noise}
        layer = noisy(2, noise=kind, dtype=policy, unroll=True, **settings)
        layer.build((None, 1, 1))
        if stock is LSTM:
            bias = [0, 0, 0, 0, 9, 9, 0, 2]  # i, f, c, o
        else:
            bias = [[0, -2, 0, 0, 9, 9], [0] * 6]  # z = 1 - g, r, h
        kernels = [np.zeros(w.shape) for w in layer.weights[:2]]
        layer.set_weights([*kernels, np.array(bias)])
        return float(layer(np.zeros((1, 1, 1)), training=True)[0, 0])

    noiseless = 0.5 * (np.tanh(0.5) if stock is LSTM else 1)
    assert first_unit("nem") == pytest.approx(noiseless, rel=0.01)
    assert first_unit("blind") == pytest.approx(noiseless * 1.5, rel=0.01)


@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="Keras multiplies in float32 elsewhere"
)
@each_layer
def test_double_precision_stays_double(noisy, stock):
    layer = filled(noisy(UNITS, dtype="float64", noise_distribution=silence))
    reference = filled(stock(UNITS, dtype="float64"))
    result, expected = (
        ops.convert_to_numpy(value(X, training=True)) for value in (layer, reference)
    )
    assert result.dtype == "float64"
    np.testing.assert_allclose(result, expected, rtol=1e-12)
