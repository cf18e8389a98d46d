import json
import shutil
import signal
import subprocess
import sys

import pytest
import requests
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import rnnzoo
from rnnzoo.artifacts import packaged_dir, versions
from rnnzoo.artifacts.manifest import write_manifest
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.training_logs import new_run_folder, open_history, root, run_folder

PRETRAINED = sorted(folder.name for folder in packaged_dir().iterdir() if versions(folder))


def test_the_history_has_every_epoch_and_samples(small_model):
    folder, card = small_model
    rows = json.loads((folder / "history.json").read_text(encoding="utf-8"))
    assert [row["epoch"] for row in rows] == list(range(1, card["recipe"]["epochs"] + 1))
    assert [row["epoch"] for row in rows if "sample" in row] == [6, 12, 18, 24, 30]
    assert rows[-1]["loss"] < rows[0]["loss"]
    assert rows[-1]["learning_rate"] < rows[0]["learning_rate"] == pytest.approx(0.01, rel=0.01)


@pytest.mark.core
@pytest.mark.parametrize("name", PRETRAINED)
def test_a_pretrained_models_training_can_be_opened(name):
    card = rnnzoo.info(name)
    for _ in range(2):  # a second time replaces the first
        folder = open_history(name, graph=False)  # which takes long
        events = EventAccumulator(str(folder), size_guidance={"tensors": 0})
        events.Reload()
        version = packaged_dir() / name / str(card["version"])
        rows = json.loads((version / "history.json").read_text(encoding="utf-8"))
        epochs = card["recipe"]["epochs"] + card["recipe"].get("free_run_epochs", 0)
        assert len(rows) == epochs
        if rows:  # weights by least squares have no epochs
            assert len(events.Tensors("loss")) == epochs
        (validation,) = events.Tensors("validation")
        assert validation.step == epochs
        figure = card["metrics"]["validation"]
        assert tf.make_ndarray(validation.tensor_proto) == pytest.approx(figure)
        samples = [row for row in rows if "sample" in row]
        if card["task"] == "TextGenerator":
            assert len(events.Tensors("sample")) == len(samples) >= 5


@pytest.mark.core
def test_the_graph_of_a_pretrained_model_is_shown():
    folder = open_history("usdinr-gru")
    events = EventAccumulator(str(folder), size_guidance={"graph": 1}).Reload()
    names = {node.name for node in events.Graph().node}
    assert any("recurrent_0" in name for name in names)


def test_a_training_has_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path))
    names = ["tuned", "tuned-run-2", "tuned-run-3"]
    assert [new_run_folder("mine", "tuned").name for _ in names] == names
    assert new_run_folder("mine", "tuned", resumed=True).name == "tuned-run-3"
    assert new_run_folder("mine", "other", resumed=True).name == "other"
    assert sorted(path.name for path in run_folder("mine", "").iterdir()) == ["other", *names]


def test_ones_own_training_is_logged_as_it_goes(small_model):
    runs = run_folder("sonnets-lstm", "").glob("*-seed-1")
    folder = min(runs, key=lambda path: path.stat().st_mtime)  # tests train variants of it too
    events = EventAccumulator(str(folder), size_guidance={"tensors": 0, "graph": 1})
    events.Reload()
    tags = set(events.Tags()["tensors"])
    assert {"loss", "val_loss", "learning_rate", "sample"} <= tags
    assert any(tag.startswith("gradients/recurrent_0") for tag in tags)
    assert any(tag.startswith("weights/readout") for tag in tags)
    assert events.Tags()["graph"]


def test_a_model_without_history_says_so(small_model, models):
    folder = models / "sonnets-lstm/1"
    shutil.copytree(small_model[0], folder)
    (folder / "history.json").unlink()
    write_manifest(folder)
    with pytest.raises(InputError, match="ships without the history"):
        open_history("sonnets-lstm")


@pytest.mark.slow
def test_the_command_opens_the_pretrained_and_ones_own(small_model):
    command = [sys.executable, "-m", "rnnzoo", "tensorboard", "shakespeare-rnn", "--port", "0"]
    process = subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, text=True)
    try:
        address = json.loads(process.stdout.readline())["address"]
        runs = requests.get(f"{address}data/runs", timeout=30).json()
        while not {"pretrained/shakespeare-rnn-1"} <= set(runs):
            runs = requests.get(f"{address}data/runs", timeout=30).json()
    finally:
        process.send_signal(signal.SIGINT)
    assert any(run.startswith("runs/sonnets-lstm") for run in runs)
    assert process.wait(timeout=30) == 0
    assert root().is_dir()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_that_another_thread_receives_ends_it_too(name):
    code = f"""
import signal, threading
from rnnzoo.cli.tensorboard import until_signal

def send():
    signal.pthread_kill(threading.get_ident(), signal.{name})

threading.Timer(0.3, send).start()
until_signal(lambda: None)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
