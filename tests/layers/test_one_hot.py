import keras
import numpy as np
import pytest

from rnnzoo.layers.one_hot import OneHot

pytestmark = pytest.mark.core


def test_the_word_hello_of_figure_6_1():
    """[TH] 6.1 prints x = [h, e, l, l, o] over the alphabet [h, e, l, o], one column a letter."""
    columns = np.array([[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 1, 0], [0, 0, 0, 0, 1]])
    vectors = OneHot(4)(np.array([0, 1, 2, 2, 3]))
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(vectors), columns.T)


def test_shapes_types_and_configuration():
    layer = OneHot(5, dtype="mixed_float16", name="vectors")
    answer = layer(np.zeros((2, 3), dtype="int32"))
    assert answer.shape == layer.compute_output_shape((2, 3)) == (2, 3, 5)
    assert keras.backend.standardize_dtype(answer.dtype) == "float16"
    again = OneHot.from_config(layer.get_config())
    assert (again.depth, again.name) == (5, "vectors")
    assert layer.count_params() == 0
