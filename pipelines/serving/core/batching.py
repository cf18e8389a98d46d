"""Requests of a signature that wait while it is at work are run together.

Rows of a batch have the same shape, so that nothing is padded: texts are padded by the model, with
a mask. A batch is what has arrived when the batch before is done: a single client waits for nobody,
unless `Batching` says how long.
"""

import asyncio
import collections
from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.serving.statuses import Overloaded

MOST_WAITING = 4096  # rows


@dataclass(frozen=True)
class Batching:
    """How requests of a model are put together.

    Args:
        most_rows: int, of a batch, unless a single request has more.
        seconds: float, how long a request waits for others while nothing is at work.
    """

    most_rows: int = 64
    seconds: float = 0.0


DEFAULT = Batching()
MOST_SECONDS = 10.0


def batching_of(rows, seconds):
    """The `Batching` of values that somebody has written.

    Raises:
        InputError: names the value, and what it takes.
    """
    if type(rows) is not int or not 1 <= rows <= MOST_WAITING:
        raise InputError(f"batch_rows = {shown(rows)}: give 1 to {MOST_WAITING}")
    if type(seconds) not in (int, float) or not 0 <= seconds <= MOST_SECONDS:
        raise InputError(f"batch_seconds = {shown(seconds)}: give 0 to {MOST_SECONDS:g}")
    return Batching(rows, float(seconds))


@dataclass(frozen=True, eq=False)
class _Request:
    inputs: dict
    rows: int
    key: tuple
    future: asyncio.Future


class Batcher:
    """Runs the requests of a signature; for an event loop, and its thread alone.

    Args:
        run: function from a dict of arrays (rows, ...) to another one, which is called in a thread.
        executor: `concurrent.futures.Executor` of these threads.
        most_waiting: int, rows that wait.
        count: function that is called with the rows of each batch; or None.
        batching: function that returns the `Batching`, which may change.
    """

    def __init__(
        self, run, executor, most_waiting=MOST_WAITING, count=None, batching=lambda: DEFAULT
    ):
        self._run, self._executor = run, executor
        self._most_waiting, self._count, self._batching = most_waiting, count, batching
        self._queue, self._waiting, self._is_at_work = collections.deque(), 0, False
        self._timer = None

    @property
    def waiting(self):
        """int, rows that wait."""
        return self._waiting

    async def submit(self, inputs):
        """The outputs of a request, alone or as rows of a batch: dict of arrays.

        Args:
            inputs: dict from name to array (rows, ...), of which each has as many rows.

        Raises:
            InputError: the model refuses them, or numbers of rows differ.
            Overloaded: too many rows wait.
        """
        counts = {len(array) for array in inputs.values()}
        if len(counts) != 1:
            sizes = ", ".join(f"{name} {len(inputs[name])}" for name in sorted(inputs))
            raise InputError(f"inputs have different numbers of rows ({sizes}): give as many")
        (rows,) = counts
        if self._waiting and self._waiting + rows > self._most_waiting:
            raise Overloaded(f"{self._waiting} rows are waiting: try again in a second")
        key = tuple((name, inputs[name].shape[1:]) for name in sorted(inputs))
        request = _Request(inputs, rows, key, asyncio.get_running_loop().create_future())
        self._queue.append(request)
        self._waiting += rows
        self._start_in_time()
        try:
            return await request.future
        except asyncio.CancelledError:
            self._forget(request)
            raise

    def _forget(self, request):
        """Removes a request that waits, whose client has gone: another one may take its rows."""
        if request in self._queue:
            self._queue.remove(request)
            self._waiting -= request.rows

    def _start_in_time(self):
        """Starts a batch, at once if it is full or none has to be waited for."""
        batching = self._batching()
        if self._is_at_work or self._timer is not None and self._waiting < batching.most_rows:
            return
        if not batching.seconds or self._waiting >= batching.most_rows:
            self._start()
        else:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(batching.seconds, self._start)

    def _start(self):
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._is_at_work:
            return
        batch = self._next_batch()
        if not batch:
            return
        self._is_at_work = True
        loop = asyncio.get_running_loop()
        done = loop.run_in_executor(self._executor, run_batch, self._run, batch)
        done.add_done_callback(lambda future: self._finish(batch, future))

    def _next_batch(self):
        """list of the first request that still has a client, and those like it that wait."""
        batch, rows, others = [], 0, collections.deque()
        most_rows = self._batching().most_rows
        while self._queue:
            request = self._queue.popleft()
            if request.future.done():  # its client has gone
                self._waiting -= request.rows
            elif not batch or (request.key == batch[0].key and rows + request.rows <= most_rows):
                batch.append(request)
                rows += request.rows
                if rows >= most_rows:
                    break
            else:
                others.append(request)
        self._queue.extendleft(reversed(others))
        self._waiting -= rows
        return batch

    def _finish(self, batch, future):
        self._is_at_work = False
        if self._count is not None:
            self._count(sum(request.rows for request in batch))
        results = [future.exception()] * len(batch) if future.exception() else future.result()
        for request, result in zip(batch, results, strict=True):
            if request.future.done():
                continue
            if isinstance(result, BaseException):
                request.future.set_exception(result)
            else:
                request.future.set_result(result)
        self._start()


def run_batch(run, batch):
    """list of the outputs of each request, or of the exception that it raised.

    A request that the model refuses does not refuse others: each is run alone then.

    Args:
        run: see `Batcher`.
        batch: list of `_Request` with rows of the same shapes.
    """
    if len(batch) == 1:
        return [_alone(run, batch[0])]
    try:
        names = batch[0].inputs
        outputs = run({n: np.concatenate([request.inputs[n] for request in batch]) for n in names})
        ends = np.cumsum([request.rows for request in batch])
        if any(len(output) != ends[-1] for output in outputs.values()):
            raise ValueError("outputs have other rows than inputs")
    except Exception:
        return [_alone(run, request) for request in batch]
    spans = [slice(end - request.rows, end) for end, request in zip(ends, batch, strict=True)]
    return [{name: output[span] for name, output in outputs.items()} for span in spans]


def _alone(run, request):
    try:
        return run(request.inputs)
    except Exception as problem:
        return problem
