import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import rnnzoo
from rnnzoo.digest import content_digest
from rnnzoo.pipelines import train_text as module

TRAIN = """
import sys
from rnnzoo.pipelines.train_text import train_text
print(train_text("sonnets-lstm", sys.argv[1])[1]["content_digest"])
"""


def environment(tmp_path):
    return {**os.environ, "RNNZOO_CACHE_DIR": str(tmp_path / "cache")}


def test_a_killed_training_goes_on_and_ends_with_the_same_model(small_model, tmp_path):
    """SIGKILL after a checkpoint, then a second start: the digest of the undisturbed run."""
    command = [sys.executable, "-c", TRAIN, str(tmp_path / "models")]
    process = subprocess.Popen(
        command, env=environment(tmp_path), stderr=subprocess.PIPE, text=True
    )
    epochs = 0
    for line in process.stderr:
        epochs += "epoch" in line
        if epochs == 5:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not list((tmp_path / "models").rglob("SHA256SUMS"))

    done = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True)
    lines = [line for line in done.stderr.splitlines() if "epoch" in line]
    assert 20 <= len(lines) <= 26, "it began again, or had already ended"
    assert done.stdout.strip() == small_model[1]["content_digest"]


def test_an_interrupt_leaves_no_model_and_a_second_start_ends(tmp_path):
    command = [
        sys.executable,
        "-m",
        "rnnzoo",
        "train",
        "sonnets-lstm",
        "--out",
        str(tmp_path / "m"),
    ]
    process = subprocess.Popen(
        command, env=environment(tmp_path), stderr=subprocess.PIPE, text=True
    )
    while "epoch 2/" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    said = process.stderr.read().splitlines()
    assert process.wait() == 130
    assert said[-1] == "rnnzoo: interrupted"
    assert not any((tmp_path / "m").rglob("*.json"))


def test_a_finished_seed_is_not_trained_again(small_model, models, capsys):
    began = time.monotonic()
    folder, card = module.train_text("sonnets-lstm", models)
    assert "epoch" not in capsys.readouterr().err, f"{time.monotonic() - began:.0f} s"
    assert card["content_digest"] == small_model[1]["content_digest"] == content_digest(folder)


def test_the_card_says_what_the_model_is(small_model):
    folder, card = small_model
    assert card == {k: v for k, v in rnnzoo.info("sonnets-lstm").items() if k != "pretrained"}
    assert card["architecture"] == {"layers": ["LSTM(64)"], "parameters": 35258}
    assert card["metrics"]["test"] == card["metrics"]["by_seed"]["1"]["test"]
    assert [row["order"] for row in card["baselines"]["ngram"]] == list(range(2, 9))
    for field in ("data", "licence", "limits", "command", "recipe", "date", "versions"):
        assert card[field], field


def test_its_figures_are_those_of_the_loaded_model(small_model):
    from rnnzoo.datasets.char_text.load import load_char_text

    text = load_char_text("sonnets")
    model = rnnzoo.load("sonnets-lstm")
    for split in ("validation", "test"):
        assert model.nats_per_character(getattr(text, split)) == pytest.approx(
            small_model[1]["metrics"][split], abs=1e-5
        )
    assert small_model[1]["metrics"]["test"] < np.log(len(text.vocabulary)) - 1
