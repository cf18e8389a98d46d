import json

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.destination import check_task, free_name, writable


def test_names_of_the_zoo_are_taken():
    for name in ("shakespeare-lstm", "sonnets-lstm"):
        with pytest.raises(InputError, match=f"'{name}' is a model of the zoo"):
            free_name(name)
    with pytest.raises(InputError, match="no model name"):
        free_name("../mine")
    assert free_name("mine") == "mine"


def test_a_name_is_of_one_task(models):
    (models / "mine/2").mkdir(parents=True)
    (models / "mine/2/SHA256SUMS").write_text("")
    card = {"name": "mine", "version": 2, "task": "Forecaster", "title": "For tests"}
    (models / "mine/2/card.json").write_text(json.dumps(card))
    assert check_task("mine", "Forecaster", models) == card
    assert check_task("other", "Forecaster", models) is None
    with pytest.raises(InputError, match="^mine is a Forecaster: give another name$"):
        check_task("mine", "TextGenerator", models / "elsewhere")


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=f"cannot write to {tmp_path}/file/models"):
        writable(tmp_path / "file/models")
    assert writable(tmp_path / "a/b").is_dir()
