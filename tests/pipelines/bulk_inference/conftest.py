"""`rnnzoo predict` of small untrained models."""

import csv
import functools
import json

import pytest

import rnnzoo
from rnnzoo.cli import main


@pytest.fixture(scope="module")
def save(tmp_path_factory):
    """Returns a function that saves a model by a name; loaded models are kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RNNZOO_MODELS_DIR", str(tmp_path_factory.mktemp("models")))
        patch.setattr(rnnzoo, "load", functools.cache(rnnzoo.load))
        yield rnnzoo.save


@pytest.fixture
def stands_in(monkeypatch):
    """Returns a function by which a model that is not saved has a name, and a card."""

    def stand_in(name, model, **fields):
        card = {"name": name, "version": 1, "content_digest": "sha256:0", **fields}
        card.setdefault("task", type(model).__name__)
        monkeypatch.setattr(rnnzoo, "load", {name: model}.get)
        monkeypatch.setattr("rnnzoo.cli.predict.info", {name: card}.get)
        monkeypatch.setattr("rnnzoo.cli.predict.located", lambda name: None)
        return model

    return stand_in


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def predicted(capsys):
    """Returns a function that runs the command, and reads what it wrote: list of dict."""

    def run(name, *arguments, out="out.jsonl", status=0):
        capsys.readouterr()
        assert main(["predict", name, *map(str, arguments), "--out", out]) == status
        assert out in capsys.readouterr().out
        with open(out, encoding="utf-8", newline="") as file:
            if out.endswith(".csv"):
                return list(csv.DictReader(file))
            return [json.loads(line) for line in file]

    return run


@pytest.fixture
def refused(capsys):
    """Returns a function that runs the command, and returns the line that it ends with."""

    def run(name, *arguments, out="out.jsonl", status=2):
        capsys.readouterr()
        try:
            assert main(["predict", name, *map(str, arguments), "--out", out]) == status
        except SystemExit as stop:
            assert stop.code == status
        printed, err = capsys.readouterr()
        assert printed == ""
        return err.splitlines()[-1]

    return run
