"""Functions that are traced once, without TensorFlow's warnings of retracing."""

import logging

import keras
import numpy as np
import pytest

from rnnzoo.compiled import compiled_once

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="tracing is TensorFlow's"
)


class Model:
    """A model whose function has the same code in every instance."""

    def __init__(self):
        self.traced = 0
        self.twice = compiled_once(self._twice, (None, 2), (None, None))

    def _twice(self, a, b):
        self.traced += 1
        return 2 * a, 2 * b


def test_a_function_is_traced_once_for_all_sizes_and_nothing_is_warned_of():
    import tensorflow as tf

    warnings, handler = [], logging.Handler()
    handler.emit = warnings.append
    tf.get_logger().addHandler(handler)
    try:
        for _ in range(8):
            model = Model()
            for rows in (1, 2, 5):
                a, b = model.twice(tf.ones((rows, 2)), tf.ones((2, rows)))
                np.testing.assert_array_equal(a, 2 * np.ones((rows, 2)))
                assert b.shape == (2, rows)
            assert model.traced == 1
    finally:
        tf.get_logger().removeHandler(handler)
    assert not warnings
