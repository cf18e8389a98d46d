"""The system's reasons are passed on with the path, whichever library wrote."""

import errno
import os

import numpy as np
import pytest
from PIL import Image

from rnnzoo.datasets.common.atomic_write import atomic_file, atomic_folder
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.paths import check_file
from rnnzoo.datasets.common.system_errors import check_room, described, system_reason

pytestmark = pytest.mark.core
PIXELS = np.random.default_rng(0).integers(0, 255, (200, 200), "uint8")


@pytest.mark.parametrize(
    "write",
    [
        lambda path: path.write_bytes(bytes(5000)),
        lambda path: np.save(open(path, "wb"), PIXELS),
        lambda path: np.savez(open(path, "wb"), PIXELS),
        lambda path: Image.fromarray(PIXELS).save(path),
    ],
)
def test_a_full_disk_is_named_whatever_writes(tmp_path, full_disk, write):
    path = tmp_path / "file.png"
    with full_disk(1000), pytest.raises(InputError) as problem, atomic_file(path) as partial:
        write(partial)
    assert str(problem.value) == f"{path} cannot be written: File too large"
    assert not list(tmp_path.iterdir())


def test_a_full_disk_while_audio_is_written(tmp_path, full_disk):
    pytest.importorskip("soundfile")
    from rnnzoo.datasets.audio.writer import write_audio

    for name in ("a.wav", "a.flac"):
        noise = np.random.default_rng(0).uniform(-1, 1, 20_000)
        with full_disk(10_000), pytest.raises(InputError) as problem:
            write_audio(tmp_path / name, noise, 8000)
        assert str(problem.value) == f"{tmp_path / name} cannot be written: File too large"
    assert not list(tmp_path.iterdir())


def test_a_problem_of_another_file_is_not_blamed_on_the_target(tmp_path):
    for context in (atomic_file, atomic_folder):
        with pytest.raises(FileNotFoundError, match="other"), context(tmp_path / "new"):
            (tmp_path / "other").read_bytes()
        with pytest.raises(PermissionError), context(tmp_path / "new"):
            raise PermissionError(errno.EACCES, "Permission denied", "/elsewhere/file")
        with pytest.raises(ValueError, match="no number"), context(tmp_path / "new"):
            raise ValueError("no number")
    assert not list(tmp_path.iterdir())


def test_the_reason_is_found_in_the_messages_of_other_libraries():
    full = os.strerror(errno.ENOSPC)
    assert system_reason(RuntimeError(f"/a/events.v2; {full}")) == full
    assert system_reason(OSError(errno.ENOLCK, "x", "/a")) == "No locks available"
    assert system_reason(ValueError("no number")) is None
    assert described(OSError(errno.ENAMETOOLONG, "x", "/a")) == "/a: File name too long"
    assert described(InputError("give a number")) == "give a number"


def test_room_is_tried_out(tmp_path, full_disk):
    check_room(tmp_path / "file", 2**20)
    with full_disk(2**16), pytest.raises(OSError, match="File too large"):
        check_room(tmp_path / "file", 2**20)
    assert not list(tmp_path.iterdir())


def test_a_path_that_is_no_file_says_why(tmp_path):
    (tmp_path / "link").symlink_to("gone")
    for name, reason in (
        ("no", "no does not exist: give a text"),
        ("link", f"link is a link to {tmp_path / 'gone'}, which does not exist: give a text"),
        (".", "is no file: give a text"),
        ("a" * 300, "cannot be read: File name too long"),
    ):
        with pytest.raises(InputError, match=reason):
            check_file(tmp_path / name, "give a text")
