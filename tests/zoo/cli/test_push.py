"""`rnnzoo push`: a version that was made elsewhere appears complete, signed if asked."""

import json
import shutil

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rnnzoo.artifacts import read_card, verify_files
from rnnzoo.artifacts.layout import SIGNATURE
from rnnzoo.artifacts.signatures import check_signature
from rnnzoo.cli import main


@pytest.fixture
def elsewhere(small_model, tmp_path):
    """A copy of a version, `NAME/VERSION`, outside of the folders of models."""
    return shutil.copytree(small_model[0], tmp_path / "copied/sonnets-lstm/1")


@pytest.fixture
def key(tmp_path):
    key = Ed25519PrivateKey.generate()
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    content = key.private_bytes(encoding, form, serialization.NoEncryption())
    (tmp_path / "key.pem").write_bytes(content)
    return key


def test_versions_count_up_and_are_those_of_the_folder(elsewhere, models, capsys):
    name = read_card(elsewhere)["name"]
    for version in ("1", "2"):
        assert main(["push", str(elsewhere), "--json"]) == 0
        row = json.loads(capsys.readouterr().out)
        assert row == {
            "name": name, "version": int(version), "path": str(models / name / version),
        }  # fmt: skip
        folder = models / name / version
        verify_files(folder)
        assert read_card(folder) == {**read_card(elsewhere), "version": int(version)}
        assert not (folder / SIGNATURE).exists()
    assert sorted(path.name for path in (models / name).iterdir()) == ["1", "2"]


def test_it_is_signed_before_it_appears(elsewhere, models, key, tmp_path, capsys):
    (elsewhere / SIGNATURE).write_bytes(b"that of somebody else")
    command = ["push", str(elsewhere), "--name", "ours", "--sign", str(tmp_path / "key.pem")]
    assert main(command) == 0
    folder = models / "ours/1"
    assert capsys.readouterr().out == f"pushed signed: {folder}\n"
    check_signature(folder, [key.public_key()])
    verify_files(folder)
    assert read_card(folder)["name"] == "ours"


def test_what_cannot_be_pushed_leaves_nothing(elsewhere, models, tmp_path, capsys):
    with open(elsewhere / "saved_model.pb", "ab") as file:
        file.write(b"\0")
    for arguments, message in (
        ([str(elsewhere)], "saved_model.pb is not the file that was published"),
        ([str(tmp_path / "none")], "none is no folder: give one of a model, .../NAME/VERSION"),
        ([str(elsewhere), "--sign", str(tmp_path / "no.pem")], "no.pem cannot be read"),
    ):
        assert main(["push", *arguments]) == 2
        error = capsys.readouterr().err
        assert message in error and error.count("\n") == 1
    assert not models.exists() or not list(models.iterdir())


def test_a_name_that_is_none(elsewhere, models, capsys):
    assert main(["push", str(elsewhere), "--name", "../up"]) == 2
    assert "../up" in capsys.readouterr().err
