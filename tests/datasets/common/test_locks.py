"""Locks against a second process, one that ends well and one that is killed."""

import subprocess
import sys
import threading

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.locks import file_lock, folder_lock

pytestmark = pytest.mark.core

HOLDING = """
import sys
from rnnzoo.datasets.common.locks import folder_lock
with folder_lock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds `tmp_path` until its input ends."""
    command = [sys.executable, "-c", HOLDING, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def refused(folder):
    with pytest.raises(InputError, match=f"another process is at work in {folder}: wait"):
        with folder_lock(folder):
            pass


@pytest.mark.parametrize("end", ["well", "killed"])
def test_a_folder_is_held_as_long_as_its_process_lives(holder, tmp_path, end):
    refused(tmp_path)
    if end == "killed":
        holder.kill()
    holder.communicate()
    with folder_lock(tmp_path):
        assert [path.name for path in tmp_path.iterdir()] == [".lock"]
        refused(tmp_path)
    assert not list(tmp_path.iterdir()), "no file stays"


def test_a_folder_is_free_again_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), folder_lock(tmp_path):
        1 / 0  # noqa: B018
    with folder_lock(tmp_path):
        refused(tmp_path)


def test_a_folder_that_cannot_be_written_to_is_one_line(tmp_path):
    (tmp_path / ".lock").mkdir()
    expected = r"cannot be locked: .*/\.lock: Is a directory"
    with pytest.raises(InputError, match=expected), folder_lock(tmp_path):
        pass


def test_only_one_at_a_time_holds_a_file(tmp_path):
    """A counter that eight threads read and write; each has a lock of its own, as processes do."""
    path, began = tmp_path / "count.txt", threading.Barrier(8)
    path.write_text("0")

    def count():
        began.wait()
        for _ in range(5):
            with file_lock(path):
                path.write_text(str(int(path.read_text()) + 1))

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() == "40"
    assert list(tmp_path.iterdir()) == [path]
