"""Signed manifests: what openssl and `rnnzoo sign` make of them, and what is refused."""

import hashlib
import os
import shutil
import subprocess

import pytest

import rnnzoo
from rnnzoo.artifacts import SUMS, own_version, packaged_dir, verify_files
from rnnzoo.artifacts.layout import SIGNATURE
from rnnzoo.artifacts.signatures import (
    check_allowed,
    check_signature,
    read_allowed,
    read_private_key,
    read_public_keys,
    sign,
)
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the keys")


def openssl(*arguments):
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, check=True)


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """Folder of keys of a, b: `a.pem`, `a-public.pem`, ... and of other kinds of keys."""
    folder = tmp_path_factory.mktemp("keys")
    for name in "ab":
        openssl("genpkey", "-algorithm", "ed25519", "-out", folder / f"{name}.pem")
        public = folder / f"{name}-public.pem"
        openssl("pkey", "-in", folder / f"{name}.pem", "-pubout", "-out", public)
    (folder / "both.pem").write_bytes(
        b"# ours\n" + b"".join((folder / f"{name}-public.pem").read_bytes() for name in "ab")
    )
    passphrase = ("-aes256", "-pass", "pass:x")
    openssl("genpkey", "-algorithm", "ed25519", *passphrase, "-out", folder / "secret.pem")
    for name, algorithm in (("x", "x25519"), ("e", "ed448")):
        openssl("genpkey", "-algorithm", algorithm, "-out", folder / f"{name}.pem")
        public = folder / f"{name}-public.pem"
        openssl("pkey", "-in", folder / f"{name}.pem", "-pubout", "-out", public)
    (folder / "text.pem").write_text("no key")
    return folder


def test_openssl_verifies_a_signature_and_its_own_is_verified(copy, keys):
    assert main(["sign", "sonnets-lstm", "--key", str(keys / "a.pem")]) == 0
    files = ("-rawin", "-in", copy / SUMS)
    public = keys / "a-public.pem"
    openssl("pkeyutl", "-verify", "-pubin", "-inkey", public, *files, "-sigfile", copy / SIGNATURE)
    check_signature(copy, read_public_keys(public))
    openssl("pkeyutl", "-sign", "-inkey", keys / "b.pem", *files, "-out", copy / SIGNATURE)
    check_signature(copy, read_public_keys(keys / "both.pem"))
    with pytest.raises(InputError, match="is not by a key that is trusted"):
        check_signature(copy, read_public_keys(public))


def test_a_signed_model_is_whole_and_nothing_is_left_beside_it(copy, keys):
    before = verify_files(copy)
    sign(copy, read_private_key(keys / "a.pem"))
    sign(copy, read_private_key(keys / "b.pem"))  # in its place
    assert verify_files(copy) == before
    check_signature(copy, read_public_keys(keys / "b-public.pem"))
    assert [path.name for path in copy.parent.iterdir()] == ["1"]
    assert rnnzoo.load("sonnets-lstm").count_params()


def test_every_change_of_manifest_or_signature_is_noticed(copy, keys):
    public = read_public_keys(keys / "a-public.pem")
    with pytest.raises(InputError, match="is not signed: sign it by `rnnzoo sign`"):
        check_signature(copy, public)
    sign(copy, read_private_key(keys / "a.pem"))
    for name in (SUMS, SIGNATURE):
        path = copy / name
        whole = path.read_bytes()
        for index in (0, len(whole) // 2, len(whole) - 1):
            damaged = bytearray(whole)
            damaged[index] ^= 1
            path.write_bytes(damaged)
            with pytest.raises(InputError, match="is not by a key that is trusted"):
                check_signature(copy, public)
        path.write_bytes(whole)
    for damaged in (b"", whole[:-1], whole + b"\n"):
        (copy / SIGNATURE).write_bytes(damaged)
        with pytest.raises(InputError, match="is no signature of Ed25519, of 64 bytes"):
            check_signature(copy, public)


def test_a_damaged_model_is_not_signed(copy, keys, capsys):
    (copy / "card.json").write_text("{}")
    assert main(["sign", "sonnets-lstm/1", "--key", str(keys / "a.pem")]) == 2
    assert "card.json is not the file that was published" in capsys.readouterr().err
    assert not (copy / SIGNATURE).exists()


def test_a_signature_that_cannot_be_written_leaves_the_one_before(copy, keys, full_disk):
    sign(copy, read_private_key(keys / "a.pem"))
    before = (copy / SIGNATURE).read_bytes()
    with pytest.raises(InputError), full_disk(10):
        sign(copy, read_private_key(keys / "b.pem"))
    assert (copy / SIGNATURE).read_bytes() == before
    assert [path.name for path in copy.parent.iterdir()] == ["1"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("secret.pem", "has a passphrase: give a key without"),
        ("x.pem", "is no private key of Ed25519"),
        ("e.pem", "is no private key of Ed25519"),
        ("a-public.pem", "is no private key of Ed25519"),
        ("text.pem", "is no private key of Ed25519"),
        ("missing.pem", "cannot be read: No such file"),
    ],
)
def test_keys_that_cannot_sign_are_one_line(copy, keys, name, message, capsys):
    assert main(["sign", "sonnets-lstm", "--key", str(keys / name)]) == 2
    err = capsys.readouterr().err
    assert message in err and err.count("\n") == 1
    assert not (copy / SIGNATURE).exists()


@pytest.mark.parametrize("name", ["a.pem", "x-public.pem", "e-public.pem", "text.pem", "none.pem"])
def test_files_that_are_no_public_keys(keys, name):
    with pytest.raises(InputError, match=f"{name} (has to have public keys|cannot be read)"):
        read_public_keys(keys / name)


def test_a_file_with_a_key_of_another_kind_is_refused_whole(keys, tmp_path):
    for other in ("x-public.pem", "b.pem"):
        content = (keys / "a-public.pem").read_bytes() + (keys / other).read_bytes()
        (tmp_path / "mixed.pem").write_bytes(content)
        with pytest.raises(InputError, match="public keys of Ed25519 and nothing else"):
            read_public_keys(tmp_path / "mixed.pem")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("shakespeare-rnn", "comes with the package: name a model of your own"),
        ("sonnets-lstm/2", "has no version '2': choose one of 1"),
        ("sonnets-lstn", "unknown model of your own 'sonnets-lstn': choose one of sonnets-lstm"),
        ("../sonnets-lstm", "is no model name"),
    ],
)
def test_models_that_are_not_the_users_own_are_not_signed(copy, name, message):
    with pytest.raises(InputError, match=message):
        own_version(name)


def test_a_link_into_the_package_is_not_followed(models):
    (models / "mine").mkdir(parents=True)
    (models / "mine/1").symlink_to(packaged_dir() / "shakespeare-rnn/1")
    with pytest.raises(InputError, match="is in the package's folder"):
        own_version("mine")


def test_an_allow_list_is_what_sha256sum_prints(copy, tmp_path):
    path = tmp_path / "allowed"
    printed = subprocess.run(["sha256sum", copy / SUMS], capture_output=True, check=True).stdout
    path.write_bytes(b"# ours\n\n" + printed)
    assert read_allowed(path) == {hashlib.sha256((copy / SUMS).read_bytes()).hexdigest()}
    check_allowed(copy, read_allowed(path))
    with pytest.raises(InputError, match="has the sha256 .*, which is not allowed"):
        check_allowed(copy, set())
    path.write_text("sha256:" + "a" * 64)
    with pytest.raises(InputError, match="has the line 'sha256:aaa"):
        read_allowed(path)
    os.remove(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_allowed(path)
