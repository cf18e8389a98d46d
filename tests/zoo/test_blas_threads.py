import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from rnnzoo.baselines import autoregression
from rnnzoo.blas_threads import one_blas_thread

pytestmark = pytest.mark.core


def blas_threads():
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


@pytest.fixture(autouse=True)
def two_threads():
    """Whatever the environment of the tests allows."""
    with threadpool_limits(2, "blas"):
        yield


def test_there_is_one_thread_inside_and_as_many_as_before_after_it():
    before = blas_threads()
    assert set(before) == {2}
    with one_blas_thread():
        assert set(blas_threads()) == {1}
    assert blas_threads() == before


def test_burg_runs_in_one_thread(monkeypatch):
    seen, dot = [], np.dot
    monkeypatch.setattr(np, "dot", lambda *pair: seen.extend(blas_threads()) or dot(*pair))
    autoregression.burg([np.sin(np.arange(30.0))], 2)
    assert set(seen) == {1}
