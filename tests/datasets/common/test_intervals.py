import numpy as np

from rnnzoo.datasets.common.intervals import true_intervals


def test_runs_of_flags():
    assert true_intervals([False, True, True, False, True]) == [(1, 3), (4, 5)]
    assert true_intervals(np.ones(3, bool)) == [(0, 3)]
    assert true_intervals(np.zeros(3, bool)) == true_intervals(np.zeros(0, bool)) == []
