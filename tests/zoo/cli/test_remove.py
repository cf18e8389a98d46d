"""`rnnzoo remove`, and `rnnzoo verify` of all models: what is installed, and what of it is bad."""

import io
import json
import shutil
import sys

import numpy as np
import pytest

import rnnzoo
from rnnzoo import loading
from rnnzoo.artifacts import folders, packaged_dir
from rnnzoo.artifacts.digest import content_digest
from rnnzoo.artifacts.manifest import write_manifest
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.locks import folder_lock
from rnnzoo.pipelines.removal import remove

pytestmark = pytest.mark.core

HEX = "0123456789abcdef"
OWN = ("models/mine/1", "models/mine/2")
LOGS = ("cache/tensorboard/pretrained/mine-1", "cache/tensorboard/pretrained/mine-2")
CACHES = (
    "cache/pipelines/mine",
    f"cache/runs/mine-{HEX}",
    f"cache/runs/mine-{HEX}-free-run",
    "cache/tensorboard/runs/mine",
)
OTHERS = (
    "models/mine-too/1",
    f"cache/runs/mine-too-{HEX}",
    "cache/tensorboard/pretrained/mine-too-1",
    "cache/tensorboard/runs/mine-too",
    "cache/texts",
)


@pytest.fixture
def root(tmp_path, models, monkeypatch):
    """A folder with `models` and `cache`: a model of the user's own, and what belongs to it."""
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    for name in (*OWN, *LOGS, *CACHES, *OTHERS):
        (tmp_path / name / "inner").mkdir(parents=True)
        (tmp_path / name / "inner/file").write_text("content", encoding="utf-8")
    return tmp_path


def present(root):
    """The folders that are left, sorted."""
    return sorted(path.parent.parent.relative_to(root).as_posix() for path in root.rglob("file"))


def test_a_version_and_then_the_model_with_all_that_is_its_own(root, capsys):
    assert main(["remove", "mine/1", "--yes"]) == 0
    out = capsys.readouterr().out
    assert f"removed {root}/models/mine/1 (1 files, 0.00 MB)\n" in out
    assert present(root) == sorted([OWN[1], LOGS[1], *CACHES, *OTHERS])
    assert main(["remove", "mine", "--yes", "--json"]) == 0
    paths = [row["path"] for row in json.loads(capsys.readouterr().out)["removed"]]
    assert paths[0] == str(root / "models/mine/2")
    assert len(paths) == 1 + 1 + len(CACHES)
    assert present(root) == sorted(OTHERS)
    assert not (root / "models/mine").exists()


def test_it_asks_on_a_terminal_and_needs_yes_elsewhere(root, capsys, monkeypatch):
    before = present(root)
    assert main(["remove", "mine"]) == 2
    assert "mine/1 (1 files, 0.00 MB) and 7 more: give --yes" in capsys.readouterr().err
    for answer in ("n\n", ""):
        terminal = io.StringIO(answer)
        monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(sys, "stdin", terminal)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        assert main(["remove", "mine"]) == 0
        assert capsys.readouterr().out == "nothing was removed\n"
    assert present(root) == before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mine*", "'mine*' is a pattern: name one model"),
        ("mine/3", "mine has no version '3': choose one of 1, 2"),
        ("Mine", "'Mine' is no model name"),
        ("mein", "unknown model of your own 'mein': choose one of mine"),
        ("shakespeare-lstm", "shakespeare-lstm comes with the package: remove is for models of y"),
        ("../models/mine", "'..' is no model name"),
    ],
)
def test_what_is_not_removed(root, capsys, name, message):
    before = present(root)
    assert main(["remove", name, "--yes"]) == 2
    assert message in capsys.readouterr().err
    assert present(root) == before


def test_the_package_is_not_the_users_own(monkeypatch, capsys):
    monkeypatch.setenv("RNNZOO_MODELS_DIR", str(packaged_dir()))
    assert main(["remove", "shakespeare-lstm", "--yes"]) == 2
    assert "is the package's folder" in capsys.readouterr().err


def test_a_model_that_is_being_trained(root, capsys):
    before = present(root)
    with folder_lock(root / "cache/pipelines/mine"):
        assert main(["remove", "mine", "--yes"]) == 2
    assert "another process is at work in" in capsys.readouterr().err
    assert present(root) == before


def test_an_interrupt_leaves_nothing_half(root, monkeypatch):
    calls, rmtree = [], shutil.rmtree

    def interrupted(path, *arguments, **keywords):
        calls.append(path)
        if len(calls) == 1:
            raise KeyboardInterrupt
        rmtree(path, *arguments, **keywords)

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    assert main(["remove", "mine", "--yes"]) == 130
    assert present(root) == sorted([OWN[1], *LOGS, *CACHES, *OTHERS])


@pytest.fixture
def package(tmp_path, models, monkeypatch):
    """A package with one small model."""
    folder = tmp_path / "package"
    shutil.copytree(packaged_dir() / "usdinr-gru", folder / "usdinr-gru")
    monkeypatch.setattr(folders, "packaged_dir", lambda: folder)
    return folder


def test_every_model_is_verified_and_a_bad_one_is_status_2(package, models, capsys):
    shutil.copytree(package / "usdinr-gru/1", models / "mine/1")
    (models / "mine/10").mkdir()
    assert main(["verify"]) == 2
    *lines, last = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("usdinr-gru/1 is whole: 7 files, sha256:")
    assert lines[1:] == [
        f"mine/1 is bad: {models}/mine/1/card.json is the card of usdinr-gru/1: move the folder "
        "there",
        f"mine/10 is bad: {models}/mine/10/SHA256SUMS is missing: fetch the model again",
    ]
    assert last == "3 models: 1 whole, 2 bad"
    assert main(["remove", "mine", "--yes"]) == 0
    capsys.readouterr()
    assert main(["verify", "--json"]) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert report == rnnzoo.verify("usdinr-gru")


def bytes_of(**arrays):
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def test_whatever_is_wrong_with_one_model_the_others_are_verified(package, models, capsys):
    """Own models under right hashes, whose golden tensors or cards are of something else."""
    card = json.loads((package / "usdinr-gru/1/card.json").read_text(encoding="utf-8"))
    golden = {name: np.ones(3) for name in ("inputs", "outputs")}
    bad = {
        "a": ("golden.npz", b"PK", "cannot be read: fetch the model again"),
        "b": ("golden.npz", bytes_of(inputs=np.ones(3)), "cannot be read: fetch the model again"),
        "c": ("card.json", {"task": None}, "has no text as its task: fetch the model again"),
        "d": ("card.json", {"task": ["Forecaster"]}, "has no text as its task: fetch"),
        "e": ("card.json", {"title": 3}, "has no text as its title: fetch the model again"),
        "f": ("golden.npz", bytes_of(**golden), "cannot be verified: "),
    }
    for name, (file, content, _) in bad.items():
        folder = models / name / "1"
        shutil.copytree(package / "usdinr-gru/1", folder)
        changed = {**card, "name": name}
        if file == "card.json":
            changed |= content
        else:
            (folder / file).write_bytes(content)
        (folder / "card.json").write_text(json.dumps(changed), encoding="utf-8")
        if name == "f":
            changed["content_digest"] = content_digest(folder)
            (folder / "card.json").write_text(json.dumps(changed), encoding="utf-8")
        write_manifest(folder)
    shutil.copytree(package / "usdinr-gru/1", models / "z/1")
    (models / "z/1/card.json").write_text(json.dumps({**card, "name": "z"}), encoding="utf-8")
    write_manifest(models / "z/1")
    assert main(["verify"]) == 2
    _, *lines, whole, last = capsys.readouterr().out.splitlines()
    for line, (name, (_, _, reason)) in zip(lines, bad.items(), strict=True):
        assert line.startswith(f"{name}/1 is bad: {models}/{name}/1")
        assert reason in line
        assert main(["verify", name]) == 2
        assert (
            capsys.readouterr().err.splitlines()[-1] == f"rnnzoo: error: {line.split(': ', 1)[1]}"
        )
    assert whole.startswith("z/1 is whole")
    assert last == "8 models: 2 whole, 6 bad"
    for name in "cde":
        assert main(["info", name]) == 2
        assert bad[name][2] in capsys.readouterr().err


def test_a_model_that_is_removed_while_it_is_loaded(package, models, monkeypatch):
    shutil.move(package / "usdinr-gru", models / "usdinr-gru")
    verify_files = loading.verify_files

    def removed_after(folder):
        verify_files(folder)
        remove("usdinr-gru")

    monkeypatch.setattr(loading, "verify_files", removed_after)
    with pytest.raises(InputError, match="is missing: fetch the model again"):
        rnnzoo.load("usdinr-gru")


def test_a_model_that_is_being_fine_tuned(root, capsys):
    before = present(root)
    with folder_lock(root / f"cache/runs/mine-{HEX}"):
        assert main(["remove", "mine", "--yes"]) == 2
    assert "another process is at work in" in capsys.readouterr().err
    assert present(root) == before


def test_a_linked_model_is_not_followed(root, capsys):
    (root / "models/linked").symlink_to(root / "models/mine")
    assert main(["remove", "linked", "--yes"]) == 2
    assert "models/linked is a link: remove the link" in capsys.readouterr().err
    assert (root / "models/mine/1").is_dir()
