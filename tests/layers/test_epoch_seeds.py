import keras
import numpy as np
import pytest

from rnnzoo.layers import NEMLSTM
from rnnzoo.layers.epoch_seeds import EpochSeeds

pytestmark = pytest.mark.portable


def test_an_epoch_has_its_own_random_numbers_whatever_ran_before():
    def drawn(seed, epoch):
        model = keras.Sequential(
            [keras.Input((3, 2)), keras.layers.Dropout(0.5), NEMLSTM(2, noise_std=0.3)]
        )
        model(x, training=True)
        callback = EpochSeeds(seed)
        callback.set_model(model)
        callback.on_epoch_begin(epoch)
        model.set_weights([np.full(w.shape, 0.3) for w in model.weights])
        return [keras.ops.convert_to_numpy(model(x, training=True)) for _ in range(2)]

    x = np.ones((4, 3, 2), "float32")
    one = drawn(1, 0)
    assert np.abs(one[0] - one[1]).max() > 0
    np.testing.assert_array_equal(drawn(1, 0), one)
    assert np.abs(drawn(1, 1)[0] - one[0]).max() > 0
    assert np.abs(drawn(2, 0)[0] - one[0]).max() > 0
