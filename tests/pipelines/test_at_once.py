"""Processes that train at the same time with one cache and one folder of models."""

import os
import signal
import subprocess
import sys

import pytest

from rnnzoo.artifacts import read_card, verify_files
from rnnzoo.pipelines.pipeline import Pipeline
from rnnzoo.registry import recipes

# Two models of the same data set, which both processes find unprepared.
SHORT = {"epochs": 3, "must_beat": 1}
MODELS = {
    "sonnets-lstm": {**SHORT, "architecture": "lstm"},
    "sonnets-gru": {**SHORT, "architecture": "gru"},
}
TRAIN = f"""
import sys
from rnnzoo.cli import entry
from rnnzoo.registry import recipes
recipes().update({{
    name: {{**recipes()["sonnets-lstm"], **short}} for name, short in {MODELS!r}.items()
}})
sys.argv[0] = "rnnzoo"
entry()
"""


@pytest.fixture
def started(tmp_path):
    """A function that starts `rnnzoo train` in `tmp_path`; what is left running is killed."""
    processes = []

    def start(name):
        environment = {**os.environ, "RNNZOO_CACHE_DIR": str(tmp_path / "cache")}
        environment["RNNZOO_MODELS_DIR"] = str(tmp_path / "models")
        process = subprocess.Popen(
            [sys.executable, "-c", TRAIN, "train", name, "--push-anyway"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_two_models_are_those_of_runs_alone(started, tmp_path, tmp_path_factory, monkeypatch):
    processes = [started(name) for name in MODELS]
    for process in processes:
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    alone = tmp_path_factory.mktemp("alone")
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(alone / "cache"))
    monkeypatch.setenv("RNNZOO_MODELS_DIR", str(alone / "models"))
    for name, short in MODELS.items():
        monkeypatch.setitem(recipes(), name, {**recipes()["sonnets-lstm"], **short})
        _, card = Pipeline(name, alone / "models").run(push_anyway=True)
        folder = tmp_path / "models" / name / "1"
        verify_files(folder)
        assert read_card(folder)["content_digest"] == card["content_digest"]
    assert not list(tmp_path.rglob(".partial-*")) + list(tmp_path.rglob("*incomplete*"))


@pytest.mark.slow
def test_a_second_training_of_the_same_model_is_refused_in_one_line(started, tmp_path):
    first = started("sonnets-lstm")
    lines = iter(first.stderr.readline, "")
    assert any(line.startswith("examples: made") for line in lines)
    # Else it may have ended when the second one has started.
    first.send_signal(signal.SIGSTOP)
    second = started("sonnets-lstm")
    output, errors = second.communicate()
    first.send_signal(signal.SIGCONT)
    assert (second.returncode, output) == (2, "")
    folder = tmp_path / "cache/pipelines/sonnets-lstm"
    assert errors == (
        f"rnnzoo: error: another process is at work in {folder}: wait until it has ended\n"
    )
    _, errors = first.communicate()
    assert first.returncode == 0, errors
    verify_files(tmp_path / "models/sonnets-lstm/1")
