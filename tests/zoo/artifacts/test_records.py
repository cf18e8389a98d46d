import json

import pytest

from rnnzoo.artifacts.records import read_card, read_history, write_card
from rnnzoo.datasets.common.errors import InputError


def test_a_card_that_names_a_file_whose_name_is_no_utf8(tmp_path):
    """Python has lone surrogates for such bytes, which UTF-8 has not."""
    folder = tmp_path / "mine/1"
    folder.mkdir(parents=True)
    card = {"name": "mine", "version": 1, "task": "Forecaster", "title": "è on caf\udce9.txt"}
    write_card(folder, card)
    assert read_card(folder) == card
    assert "è on caf\\udce9.txt" in (folder / "card.json").read_text(encoding="utf-8")


def test_lists_of_numbers_are_one_line_of_a_card(tmp_path):
    card = {"a": {"n": [1.5, None, True], "é": []}, "rows": [{"k": "x\n"}, [1, [2]]], "empty": {}}
    write_card(tmp_path, card)
    text = (tmp_path / "card.json").read_text(encoding="utf-8")
    assert json.loads(text) == card
    assert text.startswith('{\n  "a": {\n    "n": [1.5, null, true],\n    "é": []\n  },\n  "rows"')


@pytest.mark.parametrize("key", ["lineage", "metrics", "data", "warnings", "recipe"])
@pytest.mark.parametrize("value", [5, None, "text"])
def test_a_card_whose_fields_are_something_else_is_refused(tmp_path, key, value):
    folder = tmp_path / "mine/1"
    folder.mkdir(parents=True)
    card = {"name": "mine", "version": 1, "task": "Forecaster", "title": "mine", key: value}
    write_card(folder, card)
    with pytest.raises(InputError, match=f"as its {key}: fetch the model again"):
        read_card(folder)


@pytest.mark.parametrize("text", ["[", "5", "[[1]]", "null", "\xff", "[" * 100_000])
def test_what_is_no_history_is_refused(tmp_path, text):
    (tmp_path / "history.json").write_text(text, encoding="latin-1")
    with pytest.raises(InputError, match="is no history of a training: fetch the model again"):
        read_history(tmp_path)
