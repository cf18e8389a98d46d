import os
import signal
import sys
import threading
import time

import apache_beam as beam
import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.incremental_svd import IncrementalSVD, signal_to_noise
from rnnzoo.pipelines.beam.field_svd import beam_field_svd
from rnnzoo.pipelines.beam.field_svd_combine import MergedSVD, SVDCoder

EXACT = np.array([50, 20, 9, 3, 1.0])


def workers(mode, count):
    # Without the last, Beam may fetch Prism and run that, which has no such workers.
    return {
        "direct_num_workers": count,
        "direct_running_mode": mode,
        "allow_unsafe_triggers": True,
    }


def here(arrays, rank, **arguments):
    options = workers("in_memory", 1)
    return beam_field_svd(
        beam.Create(arrays), rank, runner="DirectRunner", options=options, **arguments
    )


def split(rows, *sizes):
    return np.split(rows, np.cumsum(sizes))


@pytest.fixture
def no_pickles(monkeypatch):
    def refuse(svd, protocol):
        raise AssertionError("an IncrementalSVD is pickled")

    monkeypatch.setattr(IncrementalSVD, "__reduce_ex__", refuse)


@pytest.mark.parametrize("sizes", [(), (1, 99, 0, 138)], ids=["one", "unequal and empty"])
def test_rows_of_exactly_rank_k_have_the_svd_of_memory(
    rows_with, same_svd, no_pickles, sizes, tmp_path
):
    rows = rows_with(240, 70, EXACT)
    svd = here(split(rows, *sizes), 5, folder=tmp_path)
    same_svd(svd, IncrementalSVD(5).update(rows))
    np.testing.assert_allclose(svd.decode(svd.encode(rows)), rows, rtol=0, atol=1e-5 * 50)
    assert not any(tmp_path.iterdir())
    same_svd(svd.update(rows[:9]), IncrementalSVD(5).update(rows).update(rows[:9]))


@pytest.mark.parametrize("decay", [pytest.param(0.9, marks=pytest.mark.slow), 0.98, 1.0])
@pytest.mark.parametrize("count", [50, 333])
def test_merges_are_within_a_tenth_of_a_decibel_of_memory(rows_with, decay, count):
    rows = rows_with(1000, 200, 100 * decay ** np.arange(200))
    combine, coder = MergedSVD(30, 40), SVDCoder()
    parts = [combine.create_accumulator() for _ in range(3)]
    for i in range(0, 1000, count):
        svd = IncrementalSVD(40).update(rows[i : i + count])
        parts[i % 2] = combine.add_input(parts[i % 2], coder.decode(coder.encode(svd)))
    parts = [coder.decode(coder.encode(part)) for part in parts]
    merged = combine.extract_output(combine.merge_accumulators(iter(parts)))
    svd, local = IncrementalSVD.from_state(merged), IncrementalSVD(30).update(rows)
    ours, memory = (signal_to_noise(rows, s.decode(s.encode(rows))) for s in (svd, local))
    assert ours > memory - 0.1
    assert (svd.rank, svd.rows) == (30, 1000)


def test_what_is_refused():
    rows = np.ones((4, 3))
    for arrays, arguments, message in (
        ([rows], {"rank": 0}, "rank is 0: give a whole number of at least 1"),
        ([rows], {"rank": 2, "oversampling": -1}, "oversampling is -1: give a whole number"),
        ([], {"rank": 2}, "the source has no rows: give a source of arrays"),
        ([rows, rows * np.nan], {"rank": 2}, "rows have values that are not finite: give num"),
        ([rows, np.ones((4, 2))], {"rank": 2}, r"the other has \d cells: give \d"),
        ([np.ones(4)], {"rank": 2}, r"rows have shape \(4,\): give numbers \(rows, cells\)"),
    ):
        with pytest.raises(ValueError, match=message):
            here(arrays, **arguments)
    with pytest.raises(InputError, match="source is 3: give a beam.PTransform"):
        beam_field_svd(3, 2)


def test_without_beam_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "apache_beam", None)
    monkeypatch.delitem(sys.modules, "rnnzoo.pipelines.beam.field_svd_combine")
    with pytest.raises(InputError, match=r"needs apache_beam: pip install 'rnnzoo\[beam\]'"):
        beam_field_svd(lambda pipeline: None, 2)


@pytest.mark.slow
def test_two_processes_give_what_memory_gives(rows_with, same_svd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a worker imports from the folder that it is started in
    rows = rows_with(240, 70, EXACT)
    source, options = beam.Create(split(rows, 50, 90)), workers("multi_processing", 2)
    svd = beam_field_svd(source, 5, runner="DirectRunner", options=options)
    same_svd(svd, IncrementalSVD(5).update(rows))


@pytest.mark.slow
def test_a_killed_worker_changes_nothing_on_dask(rows_with, same_svd, tmp_path, monkeypatch):
    """Beam's own local runners end with an error when a process of theirs does."""
    from apache_beam.runners.dask.dask_runner import DaskRunner
    from distributed import Client, LocalCluster

    monkeypatch.chdir(tmp_path)
    rows, folder, killed = rows_with(640, 70, EXACT), str(tmp_path), []

    def logged(array):
        import os
        import time

        open(f"{folder}/{time.monotonic_ns()}-{os.getpid()}", "w").close()
        time.sleep(0.2)
        return array

    def kill_after_six():
        while len(os.listdir(folder)) < 6:
            time.sleep(0.01)
        killed.append(int(min(os.listdir(folder)).split("-")[1]))
        os.kill(killed[0], signal.SIGKILL)

    arrays, killer = np.split(rows, 20), threading.Thread(target=kill_after_six)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, memory_limit=0
    ) as cluster:
        killer.start()
        svd = beam_field_svd(
            lambda pipeline: pipeline | beam.Create(arrays) | beam.Map(logged), 5,
            runner=DaskRunner(), folder=tmp_path / "svd",
            options=[f"--dask_client_address={cluster.scheduler_address}", "--dask_npartitions=6"],
        )  # fmt: skip
        killer.join()
        Client.current().close()  # the runner leaves it open
    processes = [int(name.split("-")[1]) for name in os.listdir(folder) if "-" in name]
    assert len(set(processes)) >= 2
    assert os.getpid() not in processes
    assert len(processes) > 20  # lost arrays were computed again
    same_svd(svd, IncrementalSVD(5).update(rows))
