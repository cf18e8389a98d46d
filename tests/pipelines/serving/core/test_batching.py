"""Requests that are run together: which, in which order, and that no row sees another."""

import asyncio
import concurrent.futures
import threading
import time

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.core.batching import Batcher, Batching, batching_of
from rnnzoo.pipelines.serving.statuses import Overloaded


class Doubled:
    """A model that doubles rows, refuses 13, and is at work until `release`; records its batches.

    Its first batch is the request of `together` that is alone.
    """

    def __init__(self):
        self.batches, self.released = [], threading.Event()

    def __call__(self, inputs):
        self.batches.append(inputs["x"].tolist())
        if len(self.batches) == 1:
            self.released.wait(10)
        if 13 in inputs["x"]:
            raise InputError("13 is refused")
        return {"y": 2 * inputs["x"]}


def together(model, *requests, cancelled=(), **options):
    """The results of requests that come while the model is at work on another one."""

    async def main():
        with concurrent.futures.ThreadPoolExecutor(1) as executor:
            batcher = Batcher(model, executor, **options)

            def submit(rows):
                return asyncio.ensure_future(batcher.submit({"x": np.array(rows)}))

            tasks = [submit([0])]
            while not model.batches:
                await asyncio.sleep(0)
            tasks += [submit(rows) for rows in requests]
            await asyncio.sleep(0)
            for index in cancelled:
                tasks[1 + index].cancel()
            model.released.set()
            return await asyncio.gather(*tasks, return_exceptions=True)

    first, *results = asyncio.run(main())
    assert first["y"].tolist() == [0]
    return [r if isinstance(r, BaseException) else r["y"].tolist() for r in results]


def test_a_request_waits_for_others_as_long_as_it_is_told():
    model = Doubled()
    model.released.set()

    async def main(rows):
        with concurrent.futures.ThreadPoolExecutor(1) as executor:
            batcher = Batcher(model, executor, batching=lambda: Batching(4, seconds=0.2))
            start = time.perf_counter()
            await asyncio.gather(*(batcher.submit({"x": np.array([i])}) for i in range(rows)))
            return time.perf_counter() - start

    assert asyncio.run(main(3)) > 0.19
    assert model.batches == [[0, 1, 2]]
    assert asyncio.run(main(4)) < 0.19, "a full batch waits for nobody"
    assert model.batches[1:] == [[0, 1, 2, 3]]
    assert asyncio.run(main(5)) < 0.19, "what waits while a batch is at work is the next one"
    assert model.batches[2:] == [[0, 1, 2, 3], [4]]


@pytest.mark.parametrize(
    ("rows", "seconds", "message"),
    [
        (0, 0, "batch_rows = 0: give 1 to 4096"),
        (1.0, 0, "batch_rows = 1.0: give 1 to 4096"),
        (True, 0, "batch_rows = True: give"),
        (1, -1, "batch_seconds = -1: give 0 to 10"),
        (1, float("nan"), "batch_seconds = nan: give 0 to 10"),
    ],
)
def test_batches_that_make_no_sense(rows, seconds, message):
    with pytest.raises(InputError, match=message):
        batching_of(rows, seconds)


def test_what_waits_is_a_batch():
    model = Doubled()
    assert together(model, [1], [2, 3], [4]) == [[2], [4, 6], [8]]
    assert model.batches == [[0], [1, 2, 3, 4]]


def test_a_batch_has_at_most_so_many_rows():
    model = Doubled()
    three = Batching(most_rows=3)
    assert together(model, [1, 2], [3, 4], [5], [6] * 9, batching=lambda: three) == [
        [2, 4], [6, 8], [10], [12] * 9,
    ]  # fmt: skip
    assert model.batches[1:] == [[1, 2, 5], [3, 4], [6] * 9]


def test_rows_of_other_shapes_are_another_batch():
    model = Doubled()
    results = together(model, [[1, 2]], [[1, 2, 3]], [[4, 5]])
    assert results == [[[2, 4]], [[2, 4, 6]], [[8, 10]]]
    assert model.batches[1:] == [[[1, 2], [4, 5]], [[1, 2, 3]]]


def test_a_request_that_is_refused_refuses_no_other():
    model = Doubled()
    first, refused, last = together(model, [1], [13], [3])
    assert (first, last) == ([2], [6]) and str(refused) == "13 is refused"
    assert model.batches[1:] == [[1, 13, 3], [1], [13], [3]]


def test_a_client_that_has_gone_costs_nothing():
    model = Doubled()
    results = together(model, [1], [2], [3], cancelled=[1])
    assert results[::2] == [[2], [6]] and isinstance(results[1], asyncio.CancelledError)
    assert model.batches[1:] == [[1, 3]]


def test_too_many_rows_are_turned_away():
    model = Doubled()
    results = together(model, [1, 1], [2], [3], most_waiting=3)
    assert results[:2] == [[2, 2], [4]] and isinstance(results[2], Overloaded)
    assert "3 rows are waiting: try again" in str(results[2])


def test_a_defect_is_that_of_each_request():
    def broken(inputs):
        raise RuntimeError(len(inputs["x"]))

    async def main():
        with concurrent.futures.ThreadPoolExecutor(1) as executor:
            batcher = Batcher(broken, executor)
            tasks = [batcher.submit({"x": np.zeros(rows)}) for rows in (1, 2)]
            return await asyncio.gather(*tasks, return_exceptions=True)

    assert [str(problem) for problem in asyncio.run(main())] == ["1", "2"]


def test_inputs_have_the_same_number_of_rows():
    batcher = Batcher(None, None)
    with pytest.raises(InputError, match=r"different numbers of rows \(a 2, b 1\): give as many"):
        asyncio.run(batcher.submit({"b": np.zeros(1), "a": np.zeros(2)}))
