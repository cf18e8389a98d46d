import csv
import json
import math

import pytest

import rnnzoo
from rnnzoo.cli import main
from rnnzoo.datasets.char_text.load import load_char_text
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.text import results_table
from rnnzoo.text.results_table import COLUMNS, rows


def test_the_table(small_model, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(results_table, "RUNS", 1)
    path = tmp_path / "t.csv"
    assert main(["evaluate", "sonnets*", "sonnets-lstm", "--csv", str(path), "--json"]) == 0
    out, err = capsys.readouterr()
    table = json.loads(out)
    assert [row["model"] for row in table] == ["sonnets-lstm", *(f"{n}-gram" for n in range(1, 9))]
    assert err.startswith("sonnets-lstm: ")
    with open(path, newline="") as file:
        written = list(csv.DictReader(file))
    assert tuple(written[0]) == COLUMNS
    assert [{k: str(v) for k, v in row.items()} for row in table] == written

    model, card = table[0], small_model[1]
    for split in ("validation", "test"):
        nats = card["metrics"][split]
        assert model[f"{split}_nats"] == pytest.approx(nats, abs=1e-4)
        assert model[f"{split}_bits"] == pytest.approx(nats / math.log(2), abs=1e-4)
    assert model["test_perplexity"] == pytest.approx(math.exp(card["metrics"]["test"]), abs=1e-3)
    assert model["parameters"] == card["architecture"]["parameters"]
    size = sum(file.stat().st_size for file in small_model[0].rglob("*") if file.is_file())
    assert model["megabytes"] == pytest.approx(size / 1e6, abs=0.01)
    assert 0 < model["words_found_percent"] < 100
    assert model["characters_per_s"] > 0
    ngrams = {row["order"]: row for row in card["baselines"]["ngram"]}
    for order, row in enumerate(table[1:], 1):
        assert row["test_nats"] == pytest.approx(ngrams[order]["test"], abs=1e-4)
        assert row["characters_per_s"] == ""


def test_a_text_is_found_in_itself():
    from rnnzoo.text.words import share_found

    text = load_char_text("sonnets")
    assert share_found([text.train], text.train) == 1.0
    assert math.isnan(share_found(["x"], text.train))


def test_models_that_cannot_be_measured(capsys, tmp_path, monkeypatch):
    assert main(["evaluate", "nope*"]) == 2
    assert "no model with weights matches 'nope*'" in capsys.readouterr().err
    assert main(["evaluate", "shakespeare-rnn", "--csv", str(tmp_path / "no/t.csv")]) == 2
    assert "/no is no folder" in capsys.readouterr().err
    card = {**rnnzoo.info("shakespeare-rnn"), "data": {"name": "text-00"}}
    monkeypatch.setattr(results_table, "info", lambda name: card)
    with pytest.raises(InputError, match="was trained on a text of a user"):
        rows(["shakespeare-rnn"])
