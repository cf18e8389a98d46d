"""What is altered, missing, added or out of place is noticed before it is trusted."""

import io
import json
import os
import shutil
import zipfile

import h5py
import keras
import numpy as np
import pytest

import rnnzoo
from rnnzoo import artifacts
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.digest import content_digest
from rnnzoo.pipelines.export.saved_model import export_saved_model
from rnnzoo.pipelines.stages.pusher import push


@pytest.fixture
def copy(small_model, models):
    """A fresh copy of the small model that a test may damage."""
    folder, _ = small_model
    shutil.copytree(folder, models / "sonnets-lstm/1")
    return models / "sonnets-lstm/1"


def flip(path, place):
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1
    path.write_bytes(raw)


def rewrite_sums(folder):
    lines = [f"{artifacts.sha256(folder / f)}  {f}\n" for f in artifacts.files(folder)]
    (folder / artifacts.SUMS).write_text("".join(lines))


def test_a_whole_model_is_loaded_ready_for_fit(copy):
    model = rnnzoo.load("sonnets-lstm")
    assert type(model).__name__ == "TextGenerator"
    assert model.optimizer is not None
    report = rnnzoo.verify("sonnets-lstm/1")
    assert report["files"] == len(artifacts.files(copy)) == 7
    assert report["golden_difference"] < 1e-5


@pytest.mark.parametrize(
    "name",
    ["model.keras", "saved_model.pb", "variables/variables.data-00000-of-00001", "card.json",
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


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/passwd", "a/../../b", ""])
def test_a_list_that_leaves_the_folder_is_refused(copy, name):
    with open(copy / artifacts.SUMS, "a") as file:
        file.write(f"{'0' * 64}  {name}\n")
    with pytest.raises(InputError, match="no sha256 and file"):
        rnnzoo.load("sonnets-lstm")


def test_other_weights_under_right_hashes_have_another_digest(copy):
    model = keras.saving.load_model(copy / "model.keras", compile=False)
    model.readout.bias.assign_add(np.ones(len(model.vocabulary)) * 1e-6)
    model.save(copy / "model.keras")
    rewrite_sums(copy)
    with pytest.raises(InputError, match="content digest"):
        rnnzoo.verify("sonnets-lstm")


def test_other_outputs_than_recorded_are_noticed(copy):
    golden = dict(np.load(copy / "golden.npz"))
    golden["outputs"] += 1e-3
    np.savez(copy / "golden.npz", **golden)
    card = json.loads((copy / "card.json").read_text())
    card["content_digest"] = content_digest(copy)
    (copy / "card.json").write_text(json.dumps(card))
    rewrite_sums(copy)
    with pytest.raises(InputError, match="away from the golden outputs"):
        rnnzoo.verify("sonnets-lstm")


def test_code_in_a_model_is_not_run(copy):
    """A Lambda, even under right hashes, is refused by safe mode."""
    x = keras.Input((2,))
    keras.Model(x, keras.layers.Lambda(lambda v: v * 2)(x)).save(copy / "model.keras")
    rewrite_sums(copy)
    with pytest.raises(InputError, match=r"model\.keras cannot be loaded safely.*[Ll]ambda"):
        rnnzoo.load("sonnets-lstm")


def test_a_model_of_another_kind_or_none_is_refused(copy):
    keras.Sequential([keras.layers.Dense(1)]).save(copy / "model.keras")
    rewrite_sums(copy)
    with pytest.raises(InputError, match="is a Sequential, its card says TextGenerator"):
        rnnzoo.load("sonnets-lstm")
    (copy / "model.keras").write_bytes(b"no archive")
    rewrite_sums(copy)
    with pytest.raises(InputError, match="cannot be loaded safely"):
        rnnzoo.verify("sonnets-lstm")


def test_an_export_of_other_weights_is_noticed(copy, tiny, tmp_path):
    model = keras.saving.load_model(copy / "model.keras", compile=False)
    model.readout.bias.assign_add(np.ones(len(model.vocabulary)) * 0.01)
    export_saved_model(model, tmp_path / "other")
    shutil.copy(tmp_path / "other/saved_model.pb", copy)
    shutil.copytree(tmp_path / "other/variables", copy / "variables", dirs_exist_ok=True)
    rewrite_sums(copy)
    with pytest.raises(InputError, match=r"saved_model\.pb answers 0\.01 away"):
        rnnzoo.verify("sonnets-lstm")


@pytest.mark.parametrize("card", [None, "{bad", "[]", '{"name": "other", "version": 1}'])
def test_a_folder_without_its_card_is_not_listed(copy, card):
    (copy / "card.json").unlink()
    if card is not None:
        (copy / "card.json").write_text(card)
    assert "sonnets-lstm" not in rnnzoo.list_models(pretrained=True)
    with pytest.raises(InputError, match=r"card\.json is"):
        rnnzoo.info("sonnets-lstm")


def test_a_list_of_hashes_that_is_no_text(copy):
    (copy / artifacts.SUMS).write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="no sha256 and file"):
        rnnzoo.load("sonnets-lstm")


def test_there_is_no_optimizer_state_and_no_pickle(copy):
    with zipfile.ZipFile(copy / "model.keras") as archive:
        config = json.loads(archive.read("config.json"))
        with h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r") as weights:
            assert "optimizer" not in weights
            assert "layers" in weights
    assert not config.get("compile_config")
    for name, array in np.load(copy / "golden.npz", allow_pickle=False).items():
        assert array.dtype.kind in "if", name


def test_the_digest_is_of_the_content_not_of_the_writing(small_model, models):
    folder, card = small_model
    golden = np.load(folder / "golden.npz")["inputs"]
    model = keras.saving.load_model(folder / "model.keras")
    fields = {k: v for k, v in card.items() if k not in ("version", "content_digest")}
    other, _ = push(model, {**fields, "date": "2000-01-01"}, golden, models, [])
    assert content_digest(other) == card["content_digest"]
    assert artifacts.sha256(other / "model.keras") != artifacts.sha256(folder / "model.keras")


def test_the_newest_version_is_found_as_a_number(copy):
    assert artifacts.find("sonnets-lstm").name == "1"
    shutil.copytree(copy, copy.parent / "10")
    shutil.copytree(copy, copy.parent / "9")
    os.makedirs(copy.parent / "11")  # no SHA256SUMS: not complete
    assert artifacts.find("sonnets-lstm").name == "10"
    assert artifacts.find("sonnets-lstm/9").name == "9"
    with pytest.raises(InputError, match="no version '11': choose one of 1, 9, 10"):
        artifacts.find("sonnets-lstm/11")


@pytest.mark.parametrize("name", ["../x", "a/b", "A", "a b", "", "-a", "a--b", "a/../b", "é"])
def test_names_that_no_model_has(name):
    with pytest.raises(InputError, match="no model name"):
        artifacts.checked_name(name)
    with pytest.raises((LookupError, InputError)):
        artifacts.find(name)
