"""SVDSimpleRNN on batches that are not finite, masked for the most part, or empty."""

import keras
import numpy as np
import pytest

from rnnzoo.layers import SVDSimpleRNN

pytestmark = [pytest.mark.portable, pytest.mark.once]

BATCH, STEPS, FEATURES, UNITS = 3, 8, 2, 5


def numbers(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def test_a_training_that_diverges_goes_on_as_one_of_a_simple_rnn_does():
    memory = SVDSimpleRNN(UNITS, activation="linear")
    model = keras.Sequential([keras.Input((STEPS, FEATURES)), memory, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1e6), "mse")
    history = model.fit(10 * numbers(30, STEPS, FEATURES), numbers(30, 1), epochs=4, verbose=0)
    assert not np.isfinite(history.history["loss"][-1])


def test_what_a_mask_leaves_out_may_be_anything():
    x, mask = numbers(BATCH, STEPS, FEATURES), np.zeros((BATCH, STEPS), bool)
    mask[0, :2] = True
    result = []
    for odd in (0, np.nan):
        x[~mask] = odd
        layer = SVDSimpleRNN(UNITS, jacobian_samples=6)
        layer.build(x.shape)
        layer.set_weights([0 * value + 0.3 for value in layer.get_weights()])
        layer(x, mask=mask, training=True)
        result.append(float(layer.losses[0]))
    assert result[0] == pytest.approx(result[1]) and np.isfinite(result[0])


def test_no_samples():
    empty = np.zeros((0, STEPS, FEATURES), "float32")
    assert SVDSimpleRNN(UNITS)(empty, training=True).shape[0] == 0
