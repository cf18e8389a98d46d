"""A server loads only versions that are signed or allowed, also those that appear later."""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rnnzoo.artifacts import SUMS
from rnnzoo.artifacts.manifest import write_manifest
from rnnzoo.artifacts.signatures import sign
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.models import version
from rnnzoo.pipelines.serving.models.servables import Servable
from rnnzoo.pipelines.serving.models.trust import Trust


@dataclass
class Loaded:
    """A version of which nothing but its folder matters."""

    folder: Path
    reader: dict | None = field(default=None, compare=False)
    signatures, content_digest, load_seconds = None, None, 0.0

    def specs(self, signature):
        return {"x": None}

    def run(self, signature, inputs):
        return {}


@pytest.fixture
def folder(small_model, models, monkeypatch):
    """The small model as version 1, which is not loaded."""
    monkeypatch.setattr(version, "Version", Loaded)
    shutil.copytree(small_model[0], models / "sonnets-lstm/1")
    return models / "sonnets-lstm/1"


def public(path, key):
    """Writes the public key of a private one; returns its path."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    path.write_bytes(key.public_key().public_bytes(serialization.Encoding.PEM, form))
    return path


def next_version(folder, number, key=None):
    """A copy of a version under another number; signed before it appears."""
    partial = folder.parent / f".partial-{number}"
    shutil.copytree(folder, partial)
    card = json.loads((partial / "card.json").read_text())
    (partial / "card.json").write_text(json.dumps({**card, "version": number}))
    write_manifest(partial)
    if key is not None:
        sign(partial, key)
    return partial.rename(folder.parent / str(number))


def test_only_signed_versions_are_loaded(folder, tmp_path, capfd):
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    trust = Trust([public(tmp_path / "other.pem", other), public(tmp_path / "key.pem", key)])
    with pytest.raises(InputError, match="no version of sonnets-lstm can be loaded"):
        Servable("sonnets-lstm", check=trust)
    assert "1 is not signed: sign it by `rnnzoo sign`" in capfd.readouterr().err
    sign(folder, key)
    servable = Servable("sonnets-lstm", check=trust)
    assert servable.get() == (1, Loaded(folder))
    next_version(folder, 2, Ed25519PrivateKey.generate())
    third = next_version(folder, 3)
    (third / "SHA256SUMS.sig").unlink()
    for _ in range(2):
        assert servable.get() == (1, Loaded(folder))
    for number in (2, 3):
        with pytest.raises(LookupError):
            servable.get(number)
    err = capfd.readouterr().err
    assert "2/SHA256SUMS.sig is not by a key that is trusted" in err and "3 is not signed" in err
    sign(third, other)  # while the server runs
    assert servable.get() == (3, Loaded(third))


def test_a_signature_of_the_manifest_is_one_of_the_files(folder, tmp_path):
    key = Ed25519PrivateKey.generate()
    sign(folder, key)
    with open(folder / "saved_model.pb", "ab") as file:
        file.write(b"\0")
    trust = Trust([public(tmp_path / "key.pem", key)])
    with pytest.raises(InputError, match="no version"):
        Servable("sonnets-lstm", check=trust)
    write_manifest(folder)  # the hashes are right again, the signature is not
    with pytest.raises(InputError, match="no version"):
        Servable("sonnets-lstm", check=trust)
    assert Servable("sonnets-lstm").get() == (1, Loaded(folder))


def test_only_allowed_versions_are_loaded(folder, tmp_path, capfd):
    allowed = tmp_path / "allowed"
    allowed.write_text(hashlib.sha256((folder / SUMS).read_bytes()).hexdigest() + "  1\n")
    servable = Servable("sonnets-lstm", check=Trust(allowed=allowed))
    next_version(folder, 2)
    assert servable.get() == (1, Loaded(folder))
    assert "which is not allowed" in capfd.readouterr().err
    key = public(tmp_path / "key.pem", Ed25519PrivateKey.generate())
    with pytest.raises(InputError, match="no version"):  # both are required
        Servable("sonnets-lstm", check=Trust([key], allowed))


@pytest.mark.parametrize("option", ["--trust", "--allow"])
def test_files_are_read_before_models(option, tmp_path, capsys):
    path = tmp_path / "file"
    path.write_text("nothing of use")
    assert main(["serve", "nope-before-models-are-loaded", option, str(path)]) == 2
    err = capsys.readouterr().err
    assert str(path) in err and err.count("\n") == 1
    os.remove(path)
    assert main(["serve", "nope-before-models-are-loaded", option, str(path)]) == 2
    assert "cannot be read: No such file" in capsys.readouterr().err
