import numpy as np
import pytest
from keras import ops

from rnnzoo.layers.spectrogram.bin_means import MAX_COUNT, BinMeans

pytestmark = pytest.mark.portable

# One sequence of three columns of two bins; two cells are missing.
CELLS = np.array([[[1, -1], [3, 4], [-1, 2]]], "float32")


def test_means_are_of_known_cells():
    np.testing.assert_allclose(ops.convert_to_numpy(BinMeans()(CELLS)), [[[2, 3]]])


def test_causal_ones_are_of_what_came_so_far():
    result = ops.convert_to_numpy(BinMeans(causal=True)(CELLS))
    np.testing.assert_allclose(result, [[[1, 0], [2, 4], [2, 3]]])


def test_a_stream_has_the_means_of_the_whole():
    layer, state, result = BinMeans(causal=True), None, []
    cells = np.random.default_rng(0).uniform(-0.5, 1, (2, 9, 4)).astype("float32")
    state = layer.initial_state(2, 4)
    for part in (cells[:, :1], cells[:, 1:6], cells[:, 6:]):
        means, state = layer.advance(part, state)
        result.append(ops.convert_to_numpy(means))
    whole = ops.convert_to_numpy(layer(cells))
    np.testing.assert_allclose(np.concatenate(result, axis=1), whole, atol=1e-6)


def test_a_stream_of_many_columns_keeps_its_mean():
    layer = BinMeans(causal=True)
    state = [
        np.full((1, 2), 3.0 * MAX_COUNT, "float32"),
        np.full((1, 2), 1.0 * MAX_COUNT, "float32"),
    ]
    means, after = layer.advance(np.full((1, 1, 2), 3, "float32"), state)
    np.testing.assert_allclose(ops.convert_to_numpy(means), 3, rtol=1e-6)
    sums, mask = map(ops.convert_to_numpy, after)
    assert np.all(mask < MAX_COUNT)
    np.testing.assert_allclose(sums / mask, 3, rtol=1e-6)


def test_a_bin_of_which_nothing_is_known_is_0():
    cells = np.where(np.arange(3) == 1, -1, 2 * np.ones((1, 5, 3))).astype("float32")
    np.testing.assert_allclose(ops.convert_to_numpy(BinMeans()(cells)), [[[2, 0, 2]]])
