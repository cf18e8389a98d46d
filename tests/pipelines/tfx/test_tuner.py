"""The Tuner of TFX: both engines choose the same settings and train the same model."""

import json

import pytest

from rnnzoo.artifacts import read_card
from rnnzoo.cli import main

pytestmark = pytest.mark.tfx
SHORT = {
    **{"units": 4, "window": 20, "epochs": 1},
    "search": {
        "units": [5, 6],
        "learning_rate": {"low": 0.02, "high": 0.03, "log": True},
    },
}


def test_both_engines_choose_the_same_settings_and_train_the_same_model(
    needs_tfx, short_recipe, tmp_path, monkeypatch, capsys
):
    data = tmp_path / "fox.txt"
    data.write_text("the quick brown fox jumps over a lazy dog and runs home\n" * 40)
    cards = {}
    for engine in ("embedded", "tfx"):
        monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / engine / "cache"))
        models = tmp_path / engine / "models"
        monkeypatch.setenv("RNNZOO_MODELS_DIR", str(models))
        command = ["train", "sonnets-short", "--data", str(data), "--name", "fox", "--tune", "2"]
        with short_recipe("sonnets-short", "sonnets-lstm", SHORT):
            for _ in range(2):  # nothing is pushed twice
                assert main([*command, "--engine", engine, "--push-anyway", "--json"]) == 0
                out = capsys.readouterr().out
                assert json.loads(out)["version"] == 1, out[:2000]
        cards[engine] = read_card(models / "fox/1")
    tfx, embedded = cards["tfx"], cards["embedded"]
    assert tfx["content_digest"] == embedded["content_digest"]
    assert tfx["recipe"] == embedded["recipe"] and tfx["recipe"]["units"] in (5, 6)
    assert tfx["metrics"] == embedded["metrics"]
    journals = [
        next((tmp_path / engine / "cache/pipelines/fox/tuning").iterdir()).read_text()
        for engine in cards
    ]
    assert journals[0] == journals[1]
    assert main(["lineage", "fox", "--engine", "tfx", "--json"]) == 0
    nodes = {node["name"]: node for node in json.loads(capsys.readouterr().out)}
    assert (
        nodes["Trainer"]["inputs"]["hyperparameters"]
        == (nodes["Tuner"]["outputs"]["best_hyperparameters"])
    )
