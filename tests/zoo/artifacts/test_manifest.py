"""Files that are altered, missing, added or linked are noticed before any of them is trusted."""

import shutil

import pytest

import rnnzoo
from rnnzoo import artifacts
from rnnzoo.artifacts.layout import REQUIRED
from rnnzoo.artifacts.manifest import write_manifest
from rnnzoo.datasets.common.errors import InputError


def flip(path, index):
    raw = bytearray(path.read_bytes())
    raw[index] ^= 1
    path.write_bytes(raw)


def test_a_whole_model_is_loaded_ready_for_fit(copy):
    model = rnnzoo.load("sonnets-lstm")
    assert type(model).__name__ == "TextGenerator"
    assert model.optimizer is not None
    report = rnnzoo.verify("sonnets-lstm/1")
    assert report["files"] == len(artifacts.files(copy)) == 7
    assert report["golden_difference"] < 1e-5


@pytest.mark.parametrize(
    "name",
    ["model.json", "saved_model.pb", "variables/variables.data-00000-of-00001", "card.json",
     "golden.npz"],
)  # fmt: skip
def test_one_changed_byte_is_noticed(copy, name):
    flip(copy / name, (copy / name).stat().st_size // 2)
    for use in (rnnzoo.load, rnnzoo.verify):
        with pytest.raises(InputError, match=f"{name} is not the file that was published"):
            use("sonnets-lstm")


def test_a_missing_an_added_and_a_linked_file_are_noticed(copy, tmp_path):
    (copy / "extra.py").write_text("")
    with pytest.raises(InputError, match=r"extra\.py is not listed"):
        rnnzoo.load("sonnets-lstm")
    (copy / "extra.py").unlink()
    shutil.move(copy / "golden.npz", tmp_path / "golden.npz")
    with pytest.raises(InputError, match=r"golden\.npz is missing"):
        rnnzoo.load("sonnets-lstm")
    (copy / "golden.npz").symlink_to(tmp_path / "golden.npz")
    with pytest.raises(InputError, match=r"golden\.npz is not the file"):
        rnnzoo.load("sonnets-lstm")
    (copy / "assets").symlink_to(tmp_path)
    with pytest.raises(InputError, match=r"assets is not listed"):
        rnnzoo.load("sonnets-lstm")


@pytest.mark.parametrize("name", REQUIRED)
def test_an_incomplete_model_is_refused_under_right_hashes(copy, name):
    """One of an older format, with `model.keras` instead of `model.json`, is one of them."""
    (copy / name).rename(copy / "model.keras")
    write_manifest(copy)
    for use in (rnnzoo.load, rnnzoo.verify):
        with pytest.raises(InputError, match=f"SHA256SUMS does not list {name}: .*train it again"):
            use("sonnets-lstm")


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/passwd", "a/../../b", ""])
def test_a_list_that_leaves_the_folder_is_refused(copy, name):
    with open(copy / artifacts.SUMS, "a") as file:
        file.write(f"{'0' * 64}  {name}\n")
    with pytest.raises(InputError, match="no sha256 and file"):
        rnnzoo.load("sonnets-lstm")


def test_a_list_of_hashes_that_is_no_text(copy):
    (copy / artifacts.SUMS).write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="no sha256 and file"):
        rnnzoo.load("sonnets-lstm")


@pytest.mark.parametrize("card", [None, "{bad", "[]", '{"name": "other", "version": 1}'])
def test_a_folder_without_its_card_is_not_listed(copy, card):
    (copy / "card.json").unlink()
    if card is not None:
        (copy / "card.json").write_text(card)
    assert "sonnets-lstm" not in rnnzoo.list_models(pretrained=True)
    with pytest.raises(InputError, match=r"card\.json (is|has)"):
        rnnzoo.info("sonnets-lstm")
