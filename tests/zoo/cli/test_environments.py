"""The commands on disks that are full and in folders that are closed, linked, or have accents."""

import contextlib
import ctypes
import os
import re
import shutil

import pytest

from rnnzoo.cli import main
from rnnzoo.datasets.char_text.sources import EMBEDDED
from rnnzoo.pipelines import finetune
from rnnzoo.pipelines.core import best_epoch

SONNETS = EMBEDDED["sonnets"].read_text(encoding="utf-8")


@contextlib.contextmanager
def without_root_rights():
    """Permissions hold for this thread, even for root: without CAP_DAC_OVERRIDE."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    rights, saved = (ctypes.c_uint32 * 6)(), (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        if libc.capget(header, rights) or libc.capget(header, saved):
            pytest.skip("root's rights cannot be given up here")
        rights[0] &= ~0b110
        if libc.capset(header, rights):
            pytest.skip("root's rights cannot be given up here")
    try:
        yield
    finally:
        if os.geteuid() == 0:
            assert libc.capset(header, saved) == 0


@pytest.fixture
def folders(small_model, tmp_path, monkeypatch):
    """A folder with models and a cache of its own, the small model among them, and a text."""
    monkeypatch.setenv("RNNZOO_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    shutil.copytree(small_model[0], tmp_path / "models/sonnets-lstm" / small_model[0].name)
    (tmp_path / "my.txt").write_text(SONNETS[:3000], encoding="utf-8")
    return tmp_path


def error_of(capsys, *arguments):
    """The one line that a command ends with on a problem of the system."""
    assert main([*map(str, arguments)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    *before, line = err.splitlines()
    assert line.startswith("rnnzoo: error: ")
    assert "Traceback" not in err
    assert "Errno" not in line
    return line


def finetuning(folder, *options):
    fixed = ["finetune", "sonnets-lstm", "--data", folder / "my.txt", "--name", "mine"]
    return [*fixed, "--epochs", 2, *options]


def test_a_disk_that_is_full_while_fine_tuning(folders, capsys, monkeypatch, full_disk):
    class Full(best_epoch.EpochCheckpoints):
        def on_epoch_end(self, epoch, logs=None):
            with full_disk(1000) if epoch else contextlib.nullcontext():
                super().on_epoch_end(epoch, logs)

    def full_push(*arguments):
        with full_disk(1000):
            return push(*arguments)

    push = finetune.push
    monkeypatch.setattr(finetune, "push", full_push)
    with monkeypatch.context() as patch:
        patch.setattr(best_epoch, "EpochCheckpoints", Full)
        line = error_of(capsys, *finetuning(folders))
    assert str(folders / "cache/runs/mine-") in line
    assert line.endswith(
        " cannot be written: File too large; the same command continues after epoch 1"
    )
    line = error_of(capsys, *finetuning(folders))
    assert str(folders / "models/mine") in line
    assert line.endswith(
        " cannot be written: File too large; the same command continues after epoch 2"
    )
    assert not (folders / "models/mine").exists()


def test_a_disk_that_is_full_from_the_start(folders, capsys, full_disk):
    """With more and more room: for the data, examples, event files, checkpoints."""
    (folders / "long.txt").write_text(SONNETS, encoding="utf-8")
    command = ["train", "sonnets-lstm", "--data", folders / "long.txt", "--name", "mine"]
    written = set()
    for size in (1000, 20_000, 150_000, 300_000):
        with full_disk(size):
            line = error_of(capsys, *command)
        assert re.search(r"cannot be written: (File too large|\d+ requested and \d+ written)", line)
        assert str(folders / "cache") in line
        written.add(line)
    assert len(written) > 2
    assert not (folders / "models/mine").exists()


@pytest.mark.parametrize(
    "command",
    [
        ["tensorboard", "sonnets-lstm", "--port", "0"],
        ["finetune", "sonnets-lstm", "--data", "my.txt", "--name", "mine"],
        ["train", "sonnets-lstm", "--data", "my.txt", "--name", "mine"],
    ],
)
@pytest.mark.parametrize("made", [False, True])
def test_a_cache_that_can_only_be_read(folders, capsys, monkeypatch, command, made):
    monkeypatch.chdir(folders)
    cache = folders / "cache"
    for name in ("", "tensorboard/runs", "tensorboard/pretrained", "runs", "texts", "pipelines"):
        (cache / name).mkdir(parents=True, exist_ok=True)
        if not made:
            break
    paths = [cache, *cache.rglob("*")]
    try:
        for path in paths:
            path.chmod(0o555)
        with without_root_rights():
            line = error_of(capsys, *command)
    finally:
        for path in paths:
            path.chmod(0o755)
    assert str(cache) in line
    assert "Permission denied" in line
