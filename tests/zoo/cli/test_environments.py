"""The commands on disks that are full and in folders that are closed, linked, or have accents."""

import contextlib
import ctypes
import os
import re
import shutil
import subprocess
import sys

import pytest

from rnnzoo.cli import main
from rnnzoo.datasets.char_text.sources import EMBEDDED
from rnnzoo.pipelines import finetune
from rnnzoo.pipelines.core import best_epoch
from rnnzoo.registry import recipes

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


@pytest.mark.slow
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


@pytest.fixture
def linked(small_model, tmp_path, monkeypatch):
    """A folder with a space and an accent, by a link: models and a cache in it, and a text."""
    real = tmp_path / "Modelli più belli"
    shutil.copytree(small_model[0], real / "models/sonnets-lstm" / small_model[0].name)
    (real / "cache").mkdir()
    (real / "Il mio testo è.txt").write_text(SONNETS[:3000], encoding="utf-8")
    (real / "al testo.txt").symlink_to("Il mio testo è.txt")
    (tmp_path / "al").symlink_to(real)
    monkeypatch.setenv("RNNZOO_MODELS_DIR", str(tmp_path / "al/models"))
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "al/cache"))
    return tmp_path / "al"


# Each of these is run after the ones before it, in the folder of `linked`.
COMMANDS = [
    ["list"],
    ["info", "sonnets-lstm"],
    ["finetune", "sonnets-lstm", "--data", "al testo.txt", "--name", "mine", "--epochs", "1"],
    ["train", "sonnets-lstm", "--data", "al testo.txt", "--name", "own", "--push-anyway"],
    ["verify", "mine"],
    ["generate", "mine", "--length", "20"],
    ["lineage", "own"],
    ["export", "mine", "--format", "keras", "--out", "è mio.keras"],
    ["export", "mine", "--format", "saved_model", "--out", "è mio"],
]
SHORT = {"epochs": 1, "seeds": [1]}


@pytest.mark.slow
def test_links_spaces_and_accents(linked, monkeypatch, capsys):
    monkeypatch.chdir(linked)
    monkeypatch.setitem(recipes(), "sonnets-lstm", {**recipes()["sonnets-lstm"], **SHORT})
    for command in COMMANDS:
        assert main(command) == 0, capsys.readouterr().err
    assert (linked / "è mio/variables").is_dir()
    assert f"is in {os.path.realpath(linked)}/models/own/1" in capsys.readouterr().out


def test_links_to_folders_that_do_not_exist(folders, capsys, monkeypatch):
    link, target = folders / "link", folders / "unmounted/disk"
    link.symlink_to(target)
    reason = f"{link} is a link to {target}, which does not exist"
    assert reason in error_of(capsys, *finetuning(folders, "--out", link / "models"))
    (folders / "my.txt").rename(folders / "other.txt")
    (folders / "my.txt").symlink_to("gone.txt")
    assert "my.txt is a link to " in error_of(capsys, *finetuning(folders))
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(link / "cache"))
    line = error_of(capsys, "train", "sonnets-lstm")
    assert line.endswith(f"the cache {link}/cache cannot be used: {reason}")
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(folders / "other.txt"))
    assert f"{folders / 'other.txt'} is no folder" in error_of(capsys, "train", "sonnets-lstm")
    monkeypatch.setenv("RNNZOO_MODELS_DIR", str(link))
    assert main(["info", "shakespeare-lstm"]) == 0, "the models of the package are still there"
    assert not target.exists()


def test_names_that_are_too_long(folders, capsys):
    name = "a" * 300
    short = f"the name {'a' * 20}... has 300 characters: give at most 100"
    base = ["finetune", "sonnets-lstm", "--data", folders / "my.txt"]
    assert short in error_of(capsys, *base, "--name", name)
    assert short in error_of(
        capsys, "train", "sonnets-lstm", "--data", folders / "my.txt", "--name", name
    )
    assert "unknown model" in error_of(capsys, "generate", name)
    assert "unknown model" in error_of(capsys, "finetune", name, *base[2:], "--name", "mine")
    too_long = "File name too long"
    assert too_long in error_of(capsys, *finetuning(folders, "--out", folders / name))
    (folders / "my.txt").unlink()
    line = error_of(capsys, "finetune", "sonnets-lstm", "--data", folders / name, "--name", "mine")
    assert too_long in line
    assert str(folders / name) in line


@pytest.mark.slow
def test_the_locale_c(folders):
    """Without the UTF-8 mode that Python turns on by itself there."""
    (folders / "Mein Text ä.txt").write_text(SONNETS[:3000], encoding="utf-8")
    finetune = ["finetune", "sonnets-lstm", "--data", "Mein Text ä.txt", "--name", "mine"]
    commands = [
        ["list"],
        ["info", "sonnets-lstm"],
        ["verify", "sonnets-lstm"],
        [*finetune, "--out", "Modelle für mich"],
    ]
    script = (
        "import os\n"
        "from rnnzoo.cli import main\n"
        f"for command in {commands!a}:\n"
        "    arguments = [os.fsdecode(argument.encode()) for argument in command]\n"
        "    print('\\n', main(arguments), command[0], flush=True)\n"
    )
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **locale},
        cwd=folders,
        capture_output=True,
    )
    err = done.stderr.decode()
    lines = done.stdout.decode().splitlines()
    statuses = [line for line in lines if line in (" 2 finetune", f" 0 {line[3:]}")]
    assert statuses == [" 0 list", " 0 info", " 0 verify", " 2 finetune"], err
    assert "(its name is not ascii, the encoding of paths here: set PYTHONUTF8=1)" in err
    assert err.count("rnnzoo: error: ") == err.count("\n") == 1
