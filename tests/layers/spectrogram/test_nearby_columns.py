import numpy as np
import pytest
from keras import ops

from rnnzoo.layers.spectrogram.nearby_columns import DECAYS, REACH, NearbyColumns

pytestmark = pytest.mark.portable


def cells():
    x = np.random.default_rng(0).uniform(0, 1, (2, 101, 5)).astype("float32")
    x[:, 30:50] = -1
    return x, np.full((2, 1, 5), 0.5, "float32")


def layer_with_gains():
    layer = NearbyColumns()
    x, p = cells()
    layer(x, p)
    gains = np.random.default_rng(1).normal(size=layer.gains.shape)
    layer.gains.assign(gains)
    return layer, gains


def test_it_is_the_equation():
    layer, gains = layer_with_gains()
    x, p = cells()
    rest, expected = np.where(x >= 0, x - p, 0), np.broadcast_to(p, x.shape).astype("float64")
    expected = expected.copy()
    for t in range(101):
        for u in range(1, min(REACH, t) + 1):
            for i, decay in enumerate(DECAYS):
                expected[:, t] += gains[:, i] * (1 - decay) * decay ** (u - 1) * rest[:, t - u]
    np.testing.assert_allclose(ops.convert_to_numpy(layer(x, p)), expected, atol=1e-5)


def test_a_stream_is_as_the_whole():
    layer, _ = layer_with_gains()
    x, p = cells()
    state, result = layer.initial_state(2, 5), []
    for first, end in ((0, 1), (1, 8), (8, 101)):
        some, state = layer.advance(x[:, first:end], p, state)
        result.append(ops.convert_to_numpy(some))
    whole = ops.convert_to_numpy(layer(x, p))
    np.testing.assert_allclose(np.concatenate(result, axis=1), whole, atol=1e-5)


def test_deep_in_a_gap_it_is_what_was_predicted():
    layer, x = NearbyColumns(), np.ones((1, 300, 2), "float32")
    x[:, 60:240] = -1
    result = ops.convert_to_numpy(layer(x, np.full((1, 1, 2), 0.25, "float32")))
    np.testing.assert_allclose(result[:, 150], 0.25, atol=1e-5)
    assert np.all(result[:, 60] > 0.3)
