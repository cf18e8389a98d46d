import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.destination import free_name, writable


def test_names_of_the_zoo_are_taken():
    for name in ("shakespeare-lstm", "sonnets-lstm"):
        with pytest.raises(InputError, match=f"'{name}' is a model of the zoo"):
            free_name(name)
    with pytest.raises(InputError, match="no model name"):
        free_name("../mine")
    assert free_name("mine") == "mine"


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=f"cannot write to {tmp_path}/file/models"):
        writable(tmp_path / "file/models")
    assert writable(tmp_path / "a/b").is_dir()
