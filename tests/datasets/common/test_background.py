"""Items that another thread takes."""

import itertools
import threading
import time

import pytest

from rnnzoo.datasets.common.background import AHEAD, in_background


def test_order_exceptions_and_the_thread():
    def items():
        yield threading.current_thread()
        yield 2
        raise ValueError("three")

    background = in_background(items())
    assert next(background) is not threading.current_thread()
    assert next(background) == 2
    with pytest.raises(ValueError, match="three"):
        next(background)
    assert list(in_background([])) == []


def test_a_caller_that_stops_early_ends_the_thread():
    before, closed, taken = threading.active_count(), threading.Event(), []

    def items():
        try:
            for item in itertools.count():
                taken.append(item)
                yield item
        finally:
            closed.set()

    background = in_background(items())
    assert [next(background) for _ in range(3)] == [0, 1, 2]
    time.sleep(0.05)
    assert len(taken) <= 3 + AHEAD + 1
    background.close()
    assert closed.wait(5)
    while threading.active_count() > before:
        time.sleep(0.01)
