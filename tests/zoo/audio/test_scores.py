"""The two scores, by hand."""

import numpy as np
import pytest

from rnnzoo.audio.scores import relative_error, snr


def test_relative_error():
    true, estimated = np.array([[3.0, 0], [4, 0]]), np.array([[3.0, 1], [4, 2]])
    assert relative_error(true, estimated) == pytest.approx(5**0.5 / 5)
    assert relative_error(true, true) == 0
    gap = np.array([[False, False], [True, True]])
    assert relative_error(true, estimated, gap) == pytest.approx(2 / 4)
    assert relative_error(true, estimated, ~gap) == pytest.approx(1 / 3)
    assert relative_error(np.zeros((2, 2)), np.zeros((2, 2))) == 0
    assert relative_error(np.zeros((2, 2)), np.ones((2, 2))) == np.inf


def test_snr():
    true = np.array([[10.0, 0, 0]])
    assert snr(true, [[9.0, 0, 0]]) == pytest.approx(20)
    assert snr(true, true) == np.inf
    assert snr(true, [[9.0, 1, 0]], np.array([True, False, False])) == pytest.approx(20)
    assert snr(np.zeros(3), np.ones(3)) == -np.inf
