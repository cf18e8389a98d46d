import numpy as np
import pytest
from keras import ops

from rnnzoo.layers.spectrogram.column_features import FLOOR, ColumnFeatures, FilledColumns

pytestmark = pytest.mark.portable

CELLS = np.array([[[3.0, -1.0]]], "float32")
MEANS = np.array([[[1.0, 2.0]]], "float32")
NEARBY = np.array([[[5.0, 4.0]]], "float32")


def test_what_is_seen_is_compressed_and_an_estimate_stands_in_for_what_is_missing():
    result = ops.convert_to_numpy(ColumnFeatures()(CELLS, MEANS, NEARBY))
    expected = [np.log(1 + 3 / (1 + FLOOR * 1.5)), np.log(1 + 4 / (2 + FLOOR * 1.5))]
    np.testing.assert_allclose(result[0, 0], [*(np.array(expected) - np.log(2)), 0.5], atol=1e-5)


def test_what_is_known_stays_and_nothing_is_below_0():
    message = np.array([[[9.0, -1.0]]], "float32")
    result = ops.convert_to_numpy(FilledColumns()(CELLS, MEANS, NEARBY, message))
    np.testing.assert_allclose(result, [[[3, 2]]])
    result = ops.convert_to_numpy(FilledColumns()(CELLS, MEANS, NEARBY, message - 3))
    np.testing.assert_allclose(result, [[[3, 0]]])
