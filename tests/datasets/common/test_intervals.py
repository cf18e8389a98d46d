import numpy as np

from rnnzoo.datasets.common.intervals import runs


def test_runs_of_flags():
    assert runs([False, True, True, False, True]) == [(1, 3), (4, 5)]
    assert runs(np.ones(3, bool)) == [(0, 3)]
    assert runs(np.zeros(3, bool)) == runs(np.zeros(0, bool)) == []
