import os
import signal
import sys
import threading
import time

import dask
import dask.array as da
import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.incremental_svd import IncrementalSVD, signal_to_noise
from rnnzoo.pipelines.dask.field_svd import dask_field_svd

EXACT = np.array([50, 20, 9, 3, 1.0])


@pytest.fixture(autouse=True)
def in_this_thread():
    with dask.config.set(scheduler="synchronous"):
        yield


def snr(rows, svd):
    return signal_to_noise(rows, svd.decode(svd.encode(rows)))


@pytest.mark.parametrize(
    "chunks",
    [(-1, -1), (60, -1), (60, 25), ((1, 99, 0, 140, 0), -1), (7, 7)],
    ids=["one", "rows", "rows and columns", "unequal and empty", "small"],
)
def test_rows_of_exactly_rank_k_have_the_svd_of_memory(rows_with, same_svd, chunks):
    rows = rows_with(240, 70, EXACT)
    svd = dask_field_svd(da.from_array(rows, chunks=chunks), 5)
    same_svd(svd, IncrementalSVD(5).update(rows))
    np.testing.assert_allclose(svd.decode(svd.encode(rows)), rows, rtol=0, atol=1e-5 * 50)


@pytest.mark.parametrize("decay", [pytest.param(0.9, marks=pytest.mark.slow), 0.98, 1.0])
@pytest.mark.parametrize("count", [50, pytest.param(128, marks=pytest.mark.slow), 333])
def test_other_rows_are_within_a_tenth_of_a_decibel_of_memory(rows_with, decay, count):
    rows = rows_with(1000, 200, 100 * decay ** np.arange(200))
    svd = dask_field_svd(da.from_array(rows, chunks=(count, -1)), 30)
    assert snr(rows, svd) > snr(rows, IncrementalSVD(30).update(rows)) - 0.1
    np.testing.assert_allclose(svd.components @ svd.components.T, np.eye(30), atol=1e-5)


def test_it_is_continued_as_one_of_memory(rows_with, same_svd, tmp_path):
    rows = rows_with(200, 40, EXACT)
    dask_field_svd(da.from_array(rows[:150], chunks=(40, -1)), 5).save(tmp_path / "svd.npz")
    svd = IncrementalSVD.load(tmp_path / "svd.npz").update(rows[150:])
    same_svd(svd, IncrementalSVD(5).update(rows))


def test_chunks_are_forgotten_in_the_order_of_time(rows_with, same_svd):
    rows = rows_with(150, 40, EXACT)
    svd = dask_field_svd(da.from_array(rows, chunks=(20, -1)), 5, forgetting=0.97)
    assert svd.forgetting == 0.97
    same_svd(svd, IncrementalSVD(5, forgetting=0.97).update(rows))
    other = IncrementalSVD(5, forgetting=0.97).update(rows[::-1])
    assert np.abs(other.singular_values - svd.singular_values).max() > 0.1


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_value_that_is_not_finite_is_refused_with_its_rows(value):
    rows = np.ones((100, 6))
    rows[47, 2] = value
    array = da.from_array(rows, chunks=(20, -1))
    message = "^rows 40 to 59: rows have values that are not finite: give numbers$"
    with pytest.raises(InputError, match=message):
        dask_field_svd(array, 2)


@pytest.mark.parametrize(
    ("array", "arguments", "message"),
    [
        (np.eye(3), {}, "array is a ndarray: give a dask.array"),
        (da.ones((2, 3, 4)), {}, r"array has shape \(2, 3, 4\) and dtype float64: give numbers"),
        (da.ones((0, 4)), {}, r"array has shape \(0, 4\)"),
        (da.from_array(np.array([["a"]])), {}, "dtype <U1: give numbers"),
        (da.ones((4, 4))[da.arange(4) > 1], {}, "call its compute_chunk_sizes first"),
        (da.ones((4, 4)), {"rank": 0}, "rank is 0: give a whole number of at least 1"),
        (da.ones((4, 4)), {"forgetting": 2}, "forgetting=2: give a number above 0"),
        (da.ones((4, 4)), {"oversampling": -1}, "oversampling is -1: give a whole number of at"),
    ],
)
def test_what_is_refused(array, arguments, message):
    with pytest.raises(InputError, match=message):
        dask_field_svd(array, **{"rank": 2, **arguments})


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "dask.array", None)
    with pytest.raises(InputError, match=r"needs dask.array: pip install 'rnnzoo\[dask\]'"):
        dask_field_svd(None, 2)


@pytest.mark.slow
def test_an_error_of_a_worker_is_raised_here():
    from distributed import Client

    array = da.ones((60, 4), chunks=(20, -1)).map_blocks(np.log).map_blocks(np.log)
    with (
        dask.config.set(scheduler=None),
        Client(n_workers=1, threads_per_worker=1, dashboard_address=None),
        pytest.raises(InputError, match=r"^rows \d+ to \d?9: rows have values that are not"),
    ):
        dask_field_svd(array, 2)


@pytest.mark.slow
def test_a_killed_worker_changes_nothing(rows_with, same_svd, tmp_path):
    from distributed import Client, LocalCluster

    rows = rows_with(640, 200, 100 * 0.95 ** np.arange(200))
    folder = str(tmp_path)

    def logged(block, block_info=None):
        number = block_info[0]["chunk-location"][0]
        open(f"{folder}/{time.monotonic_ns()}-{number}-{os.getpid()}", "w").close()
        time.sleep(0.2)
        return block

    def kill_after_six():
        while len(os.listdir(folder)) < 6:
            time.sleep(0.01)
        killed.append(int(min(os.listdir(folder)).split("-")[2]))
        os.kill(killed[0], signal.SIGKILL)

    chunks, killed = da.from_array(rows, chunks=(32, -1)), []
    killer = threading.Thread(target=kill_after_six)
    with (
        dask.config.set(scheduler=None),
        LocalCluster(
            n_workers=3, threads_per_worker=1, dashboard_address=None, memory_limit=0
        ) as cluster,
        Client(cluster),
    ):
        killer.start()
        svd = dask_field_svd(chunks.map_blocks(logged, dtype=rows.dtype), 20)
        killer.join()
    processes = [int(name.split("-")[2]) for name in os.listdir(folder)]
    assert len(set(processes)) >= 3
    assert os.getpid() not in processes
    assert len(processes) > 20  # lost chunks were computed again
    same_svd(svd, dask_field_svd(chunks, 20))
