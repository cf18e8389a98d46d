import keras
import numpy as np
import pytest

from rnnzoo.layers import NEMLSTM
from rnnzoo.layers.callbacks.epoch_seeds import EpochSeeds

pytestmark = [pytest.mark.portable, pytest.mark.once]


def made():
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
        found = [keras.ops.convert_to_numpy(model(x, training=True)) for _ in range(calls)]
        return found if calls > 1 else found[0]

    model, other = made(), made()
    one = drawn(model, 1, 0, calls=2)
    assert np.abs(one[0] - one[1]).max() > 0
    other(x, training=True)
    np.testing.assert_array_equal(drawn(other, 1, 0, calls=2), one)
    assert np.abs(drawn(other, 1, 1) - one[0]).max() > 0
    assert np.abs(drawn(other, 2, 0) - one[0]).max() > 0
