import keras
import numpy as np
import pytest

from rnnzoo.layers import NEMLSTM
from rnnzoo.layers.callbacks.epoch_seeds import EpochSeeds

pytestmark = [pytest.mark.portable, pytest.mark.once]


def build_model():
    return keras.Sequential(
        [keras.Input((3, 2)), keras.layers.Dropout(0.5), NEMLSTM(2, noise_std=0.3)]
    )


def test_an_epoch_has_its_own_random_numbers_whatever_ran_before():
    x = np.ones((4, 3, 2), "float32")

    def drawn(model, seed, epoch, calls=1):
        callback = EpochSeeds(seed)
        callback.set_model(model)
        callback.on_epoch_begin(epoch)
        model.set_weights([np.full(w.shape, 0.3) for w in model.weights])
        result = [keras.ops.convert_to_numpy(model(x, training=True)) for _ in range(calls)]
        return result if calls > 1 else result[0]

    model, expected = build_model(), build_model()
    actual = drawn(model, 1, 0, calls=2)
    assert np.abs(actual[0] - actual[1]).max() > 0
    expected(x, training=True)
    np.testing.assert_array_equal(drawn(expected, 1, 0, calls=2), actual)
    assert np.abs(drawn(expected, 1, 1) - actual[0]).max() > 0
    assert np.abs(drawn(expected, 2, 0) - actual[0]).max() > 0
