"""Keeps the memory that a process frees, where glibc gives it back to the system."""

import ctypes

# Parameters of mallopt(3), numbered as in malloc.h, and what they are set to.
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -2, -3, -8
MOST, PAD = 2**31 - 1, 2**28


def keep_freed_memory():
    """Lets glibc keep what is freed, for the next that is allocated.

    Every batch of a training allocates and frees tensors of megabytes. glibc returns these to the
    system, which clears each page again when it is touched next: a third of the processor time.
    Call it before TensorFlow is imported, as the command `rnnzoo` does. The process then keeps
    the most memory it has needed at once.

    Returns:
        bool, whether the C library was told; False where it is not glibc.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    settings = {
        M_MMAP_THRESHOLD: MOST,
        M_TRIM_THRESHOLD: MOST,
        M_TOP_PAD: PAD,
        M_ARENA_MAX: 1,  # memory freed by one thread is used by others
    }
    return all(mallopt(name, value) == 1 for name, value in settings.items())
