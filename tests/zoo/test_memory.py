"""Freed memory: kept by the process, where glibc would return it; and what is collected."""

import ctypes
import gc
import subprocess
import sys

import pytest

from rnnzoo.native_stderr import import_keras

# Page faults of allocating, touching and freeing a block of 40 MB ten times, after a first time.
FAULTS = """
import ctypes, resource
from rnnzoo.memory import keep_freed_memory
if {keep}:
    assert keep_freed_memory()
c, size = ctypes.CDLL(None), 40_000_000
c.malloc.restype, c.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
c.free.argtypes = [ctypes.c_void_p]
def use():
    block = c.malloc(size)
    ctypes.memset(block, 1, size)
    c.free(block)
use()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    use()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(keep):
    program = FAULTS.format(keep=keep)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="not glibc")
def test_a_block_that_was_freed_is_used_again_without_a_fault_a_page():
    assert faults(keep=False) > 10 * 1000
    assert faults(keep=True) < 100


def test_without_glibc_nothing_happens(monkeypatch):
    from rnnzoo.memory import keep_freed_memory

    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    assert keep_freed_memory() is False


def test_what_the_imports_left_is_set_aside_once_and_nothing_after_it():
    """Experiments import Keras again for every model: what a model left has to be collected."""
    import_keras()
    before = gc.get_freeze_count()
    left = [[] for _ in range(1000)]
    left.append(left)
    import_keras()
    assert gc.get_freeze_count() == before
