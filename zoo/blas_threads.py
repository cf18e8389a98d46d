"""One thread for linear algebra that is called many times on small arrays."""

import functools

from threadpoolctl import ThreadpoolController


@functools.cache
def _controller():
    """Of the libraries loaded now: to look for them takes longer than to limit them."""
    return ThreadpoolController()


def one_blas_thread():
    """A context manager in which NumPy and SciPy call BLAS with one thread.

    A dot product of 10,000 numbers takes microseconds; to wake a second thread for it can take a
    thousand times as long when the processors are busy.
    """
    return _controller().limit(limits=1, user_api="blas")
