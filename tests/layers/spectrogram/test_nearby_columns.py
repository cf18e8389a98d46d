import numpy as np
import pytest
from keras import ops

from rnnzoo.layers.spectrogram.nearby_columns import DECAYS, REACH, NearbyColumns

pytestmark = pytest.mark.portable


def cells():
    x = np.random.default_rng(0).uniform(0, 1, (2, 101, 5)).astype("float32")
    x[:, 30:50] = -1
    return x, np.full((2, 1, 5), 0.5, "float32")


def layer_with_gains(causal):
    layer = NearbyColumns(causal)
    x, p = cells()
    layer(x, p)
    gains = np.random.default_rng(1).normal(size=layer.gains.shape)
    layer.gains.assign(gains)
    return layer, gains


@pytest.mark.parametrize("causal", [True, False])
def test_it_is_the_equation(causal):
    layer, gains = layer_with_gains(causal)
    x, p = cells()
    rest, expected = np.where(x >= 0, x - p, 0), np.broadcast_to(p, x.shape).astype("float64")
    expected = expected.copy()
    for t in range(101):
        for u in range(1, REACH + 1):
            for i, decay in enumerate(DECAYS):
                share = (1 - decay) * decay ** (u - 1)
                if t >= u:
                    expected[:, t] += gains[:, i] * share * rest[:, t - u]
                if not causal and t + u < 101:
                    expected[:, t] += gains[:, i + len(DECAYS)] * share * rest[:, t + u]
    np.testing.assert_allclose(ops.convert_to_numpy(layer(x, p)), expected, atol=1e-5)


def test_a_stream_is_as_the_whole():
    layer, _ = layer_with_gains(causal=True)
    x, p = cells()
    state, made = layer.initial_state(2, 5), []
    for first, end in ((0, 1), (1, 8), (8, 101)):
        some, state = layer.advance(x[:, first:end], p, state)
        made.append(ops.convert_to_numpy(some))
    whole = ops.convert_to_numpy(layer(x, p))
    np.testing.assert_allclose(np.concatenate(made, axis=1), whole, atol=1e-5)


@pytest.mark.parametrize("causal", [True, False])
def test_deep_in_a_gap_it_is_what_was_predicted(causal):
    layer, x = NearbyColumns(causal), np.ones((1, 300, 2), "float32")
    x[:, 60:240] = -1
    found = ops.convert_to_numpy(layer(x, np.full((1, 1, 2), 0.25, "float32")))
    np.testing.assert_allclose(found[:, 150], 0.25, atol=1e-5)
    assert np.all(found[:, 60] > 0.3)


def test_of_two_sides_a_gap_turned_round_is_filled_turned_round():
    layer, x = NearbyColumns(), cells()[0][:, :80]
    p = np.full((2, 1, 5), 0.5, "float32")
    forwards = ops.convert_to_numpy(layer(x, p))
    backwards = ops.convert_to_numpy(layer(x[:, ::-1].copy(), p))
    np.testing.assert_allclose(forwards, backwards[:, ::-1], atol=1e-5)
