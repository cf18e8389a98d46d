"""Files and folders appear complete or not at all."""

import os

import pytest

from rnnzoo.datasets.common.atomic_write import (
    atomic_file,
    atomic_folder,
    remove_partials,
    write_text,
)
from rnnzoo.datasets.common.errors import InputError

pytestmark = pytest.mark.core

INTERRUPTS = [KeyboardInterrupt, ValueError]


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("problem", INTERRUPTS)
def test_a_file_appears_complete_or_not_at_all(tmp_path, problem):
    path = tmp_path / "folder/data.bin"
    with pytest.raises(problem), atomic_file(path) as partial:
        partial.write_bytes(b"half")
        raise problem
    assert not list(path.parent.iterdir())
    for content in (b"whole", b"other"):
        with atomic_file(path) as partial:
            assert (partial.parent, partial.suffix) == (path.parent, ".bin")
            partial.write_bytes(content)
        assert contents(tmp_path) == {"data.bin": content}
    with pytest.raises(problem), atomic_file(path) as partial:
        raise problem
    assert contents(tmp_path) == {"data.bin": b"other"}, "the earlier file stays"


@pytest.mark.parametrize("problem", INTERRUPTS)
def test_a_folder_appears_complete_or_not_at_all(tmp_path, problem):
    path = tmp_path / "parent/folder"
    with pytest.raises(problem), atomic_folder(path) as partial:
        (partial / "half.txt").write_text("half")
        raise problem
    assert not list(path.parent.iterdir())
    for replace, left in ((False, b"1"), (False, b"1"), (True, b"3")):
        with atomic_folder(path, replace) as partial:
            number = len(list(tmp_path.iterdir()))
            (partial / f"{number}.txt").write_bytes(b"3" if replace else b"1")
        assert list(contents(path).values()) == [left]
    assert list(path.parent.iterdir()) == [path]


def test_problems_of_the_system_are_one_line(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    for write in (atomic_file, atomic_folder):
        with pytest.raises(InputError, match=r"file/inside cannot be written: \w+"):
            with write(file / "inside") as partial:
                partial.write_text("")
    with pytest.raises(InputError, match="cannot be written: No space left"):
        with atomic_file(tmp_path / "new"):
            raise OSError(28, "No space left on device")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="folder cannot be written: Is a directory"):
        with atomic_file(tmp_path / "folder") as partial:
            partial.write_text("")
    with pytest.raises(InputError, match="file cannot be written: Not a directory"):
        with atomic_folder(file):
            pass
    with pytest.raises(FileNotFoundError), atomic_folder(tmp_path / "new"):
        (tmp_path / "missing").read_text()  # of the block, which may say more
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_a_text_is_written_once(tmp_path):
    path = tmp_path / "text.txt"
    write_text(path, "più\r\n")
    assert path.read_bytes() == "più\r\n".encode()
    os.utime(path, (1, 1))
    write_text(path, "più\r\n")
    assert path.stat().st_mtime == 1
    write_text(path, "meno")
    assert contents(tmp_path) == {"text.txt": b"meno"}


def test_what_killed_processes_left_can_be_removed(tmp_path):
    remove_partials(tmp_path / "missing")
    (tmp_path / ".partial-1-folder/inside").mkdir(parents=True)
    (tmp_path / ".partial-1-file").write_text("")
    (tmp_path / "file").write_text("")
    remove_partials(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_device_is_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="pipe is no regular file"), atomic_file(pipe) as partial:
        partial.write_text("new", encoding="utf-8")
    assert pipe.is_fifo() and list(tmp_path.iterdir()) == [pipe]
