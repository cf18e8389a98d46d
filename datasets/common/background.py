"""Takes the items of an iterable in another thread.

Python runs signal handlers in the main thread only. Where native code calls back into Python, as
FFmpeg does to read, the `KeyboardInterrupt` of a handler is lost; in another thread there is none,
and the main thread can be interrupted while it waits.
"""

import queue
import threading

AHEAD = 2  # items that wait at most
_PATIENCE = 0.1  # seconds between looks whether the items are still wanted


def in_background(items):
    """Yields the items of an iterable, which another thread takes from it.

    Args:
        items: iterable; its exceptions are raised here. Should the caller stop early, the thread
            ends with the next item, and closes the iterable if it is a generator.

    Yields:
        The items, in order.

    Example:

    >>> list(in_background(iter([3, 1, 2])))
    [3, 1, 2]
    """
    waiting, unwanted = queue.Queue(AHEAD), threading.Event()

    def put(item, problem=None):
        while not unwanted.is_set():
            try:
                return waiting.put((item, problem), timeout=_PATIENCE)
            except queue.Full:
                continue

    def take():
        try:
            for item in items:
                put(item)
                if unwanted.is_set():
                    return
            put(None, StopIteration())
        except BaseException as problem:
            put(None, problem)
        finally:
            getattr(items, "close", lambda: None)()

    threading.Thread(target=take, daemon=True).start()
    try:
        while True:
            item, problem = waiting.get()
            if isinstance(problem, StopIteration):
                return
            if problem is not None:
                raise problem
            yield item
    finally:
        unwanted.set()
