"""Beam's runners: processes of this machine, and a cluster of Dask of which a worker is killed."""

import collections
import contextlib
import os
import signal
import threading
import time

import pytest

from rnnzoo.datasets.common.errors import InputError

pytestmark = pytest.mark.tfx

# Workers import it: the examples of a split come slowly, and each leaves a name in FOLDER.
SLOWLY = """
import os, time
from rnnzoo.pipelines.families.rates.family import RatesFamily

def logged(examples, split):
    for count, example in enumerate(examples):
        if count % 100 == 0:
            open(f"{FOLDER}/{time.monotonic_ns()}-{split}-{count}-{os.getpid()}", "w").close()
            time.sleep(0.2)
        yield example

def slow_examples(self, *arguments, examples=RatesFamily.examples, **options):
    parts = examples(self, *arguments, **options)
    return {split: logged(part, split) for split, part in parts.items()}

if RatesFamily.examples.__name__ != "slow_examples":  # workers may import this twice
    RatesFamily.examples = slow_examples
"""


@pytest.fixture(scope="module")
def embedded(needs_tfx, rates_file, yen_recipe, pushed_alone):
    """The content digest of the embedded engine's model."""
    from rnnzoo.pipelines.pipeline import Pipeline

    with pytest.MonkeyPatch.context() as patch:
        run = Pipeline.run
        patch.setattr(Pipeline, "run", lambda self: run(self, push_anyway=True))
        with pushed_alone("usdinr-short", rates_file, "yen-gru") as (*_, card):
            yield card["content_digest"]


@pytest.fixture
def yen_by_tfx(rates_file, digest_by_tfx):
    """A function from options of Beam to the content digest of the model."""

    def digest(*beam, **options):
        return digest_by_tfx(
            "usdinr-short", rates_file, "yen-gru", beam=beam, push_anyway=True, **options
        )

    return digest


@pytest.fixture
def cluster(tmp_path):
    """(`LocalCluster` of three worker processes, folder that they write names to)."""
    distributed = pytest.importorskip("distributed", reason="needs rnnzoo[dask]")
    folder = tmp_path / "names"
    folder.mkdir()
    preload = tmp_path / "slowly.py"
    preload.write_text(SLOWLY.replace("{FOLDER}", str(folder)))
    options = {"threads_per_worker": 1, "dashboard_address": None, "memory_limit": 0}
    with distributed.LocalCluster(n_workers=3, preload=[str(preload)], **options) as cluster:
        yield cluster, folder


def test_two_processes_give_the_model_of_the_embedded_engine(embedded, yen_by_tfx):
    beam = "--direct_num_workers=2", "--direct_running_mode=multi_processing"
    assert yen_by_tfx(*beam) == embedded


def test_a_killed_worker_of_dask_changes_nothing(embedded, yen_by_tfx, cluster):
    dask, folder = cluster
    killed, lines = [], []

    def kill_in_the_middle():
        """Kills the worker that has written some of the training split."""
        while not (names := list(folder.glob("*-train-200-*"))):
            time.sleep(0.01)
        killed.append(int(names[0].name.split("-")[-1]))
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill_in_the_middle, daemon=True)
    killer.start()
    digest = yen_by_tfx(
        "--runner=DaskRunner",
        f"--dask_client_address={dask.scheduler_address}",
        log=lambda line, file: lines.append(line),
    )
    killer.join()
    begun = collections.defaultdict(list)
    for name in folder.glob("*-0-*"):
        _, split, _, process = name.name.split("-")
        begun[split].append(int(process))
    assert set(begun) == {"train", "validation", "test"}
    assert killed[0] in begun["train"] and len(begun["train"]) == 2  # another one began it again
    assert os.getpid() not in {process for split in begun.values() for process in split}
    assert lines[0].startswith("beam: DaskRunner runs ExampleGen; StatisticsGen, Transform and")
    assert digest == embedded


@pytest.mark.parametrize(
    ("beam", "message"),
    [
        (["--runner=DaskRunner"], "needs a cluster: give --beam-options '--dask_client_address="),
        (
            ["--runner=dask", "--dask_client_address=tcp://127.0.0.1:1"],
            "--dask_client_address=tcp://127.0.0.1:1 does not answer .*: give that of a running",
        ),
        (["--runner=NoRunner"], "--beam-runner 'NoRunner': give one that Beam knows"),
    ],
)
def test_a_runner_that_cannot_be_used(needs_tfx, monkeypatch, beam, message):
    from rnnzoo.pipelines.tfx import runners

    if "NoRunner" not in beam[0]:
        pytest.importorskip("distributed", reason="needs rnnzoo[dask]")
    monkeypatch.setattr(runners, "SECONDS", 0.5)
    with pytest.raises(InputError, match=message) as error:
        runners.checked_runner(beam)
    assert "\n" not in str(error.value)


def test_options_that_are_left_as_they_are(needs_tfx):
    from rnnzoo.pipelines.tfx.runners import checked_runner, is_dask

    for beam in ([], ["--direct_num_workers=2"], ["--runner=DirectRunner"]):
        assert checked_runner(beam) == beam and not is_dask(beam)


def test_without_dask_the_extra_is_named(needs_tfx, monkeypatch):
    import sys

    from rnnzoo.pipelines.tfx.runners import checked_runner

    monkeypatch.setitem(sys.modules, "distributed", None)
    with contextlib.suppress(KeyError):
        monkeypatch.delitem(sys.modules, "dask.distributed")
    with pytest.raises(InputError, match=r"DaskRunner needs distributed: pip install 'rnnzoo\[da"):
        checked_runner(["--runner=DaskRunner"])
